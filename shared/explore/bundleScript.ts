/**
 * The script that a verifier bundle brings along: what its README says in words, as commands of bash, OpenSSL and the usual Unix tools. It is
 * there to be read; whoever trusts nothing of the bundle types the commands of the README instead.
 */
export const VERIFY_SCRIPT = `#!/usr/bin/env bash
# Checks this bundle with bash, OpenSSL 3 and the usual Unix tools. No network, nothing else. Read it before you run it.
# usage: bash verify.sh [KEY.pem]
#   KEY.pem: the public key of the log, as you have it from elsewhere. Without it keys/ is used, which whoever made the bundle wrote.
# exit status: 0 everything holds, 1 something does not, 2 it could not be checked
set -u
export LC_ALL=C
given="\${1:-}"
if [ -n "$given" ]; then given="$(cd "$(dirname "$given")" && pwd)/$(basename "$given")"; fi
cd "$(dirname "$0")" || exit 2
work="$(mktemp -d)" || exit 2
trap 'rm -rf "$work"' EXIT
failed=0

holds() { echo "holds   $1"; }
fails() { echo "FAILS   $1"; failed=$((failed + 1)); }
sha256() { openssl dgst -sha256 -r | cut -c1-64; }
unhex() { printf "$(printf '%s' "$1" | sed 's/../\\\\x&/g')"; }
hex() { od -An -v -tx1 | tr -d ' \\n'; }

# 1. Each signed head: Ed25519 over the text before the blank line. A signature is a 4-byte key id and 64 bytes.
while read -r head id name; do
  sed '/^$/,$d' "$head" > "$work/text"
  signature=""
  for encoded in $(NAME="$name" awk '$1 == "\\342\\200\\224" && $2 == ENVIRON["NAME"] { print $3 }' "$head"); do
    bytes="$(printf '%s' "$encoded" | openssl base64 -d -A | hex)"
    case "$bytes" in "$id"*) signature="\${bytes#"$id"}" ;; esac
  done
  unhex "$signature" > "$work/signature"
  if openssl pkeyutl -verify -pubin -inkey "\${given:-keys/$id.pem}" -rawin -in "$work/text" -sigfile "$work/signature" > /dev/null 2>&1
  then holds "$head is signed by $name"
  else fails "$head is not signed by $name under this key"
  fi
done < heads.list

# 2. Each line: its leaf hash, hashed with its siblings, must come to the root in a signed head (RFC 6962, section 2.1).
# 3. Each chain: a line names the leaf hash of the same order's line before it, the first one null.
table=""
before=""
while read -r next line head chain; do
  if [ "$next" != "$table" ]; then table="$next"; before=""; fi
  file="lines/$table/$line.json"
  leaf="$({ printf '\\0'; cat "$file"; } | sha256)"
  reached="$leaf"
  if [ "$head" = - ]; then
    fails "$file: no signed head vouches for it"
  else
    while read -r side sibling; do
      if [ "$side" = left ]; then pair="$sibling$reached"; else pair="$reached$sibling"; fi
      reached="$({ printf '\\1'; unhex "$pair"; } | sha256)"
    done < "proofs/$table/$line.path"
    root="$(sed -n 3p "$head" | openssl base64 -d -A | hex)"
    if [ "$reached" = "$root" ]; then holds "$file is in the log of $head"; else fails "$file does not lead to the root of $head"; fi
  fi
  if [ "$chain" = chained ]; then
    if [ -z "$before" ]; then link='"prev":null'; else link="\\"prev\\":\\"$before\\""; fi
    if grep -qF "$link" "$file"; then holds "$file follows the line before it"; else fails "$file does not follow the line before it"; fi
  fi
  before="$leaf"
done < lines.list

if [ "$failed" -gt 0 ]; then echo "$failed checks fail."; exit 1; fi
echo "Everything holds."
`;
