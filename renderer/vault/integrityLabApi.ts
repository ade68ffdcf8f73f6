/** The tamper lab in the vault: attacks on copies in memory, read again as any drop is. The stored evidence is only read. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { checkpointText, formatSignatureLine, formatVerifierKey, verifierKey } from '#evidence';
import { ATTACKS, type AttackOutcome, type AttackView, attackViews, type LabSigner, openTamperLab, type TamperLab } from '#explore';
import { type IntakePorts, importDrop } from '#intake';
import { concatBytes, fromHex, ok, sha256, utf8 } from '#kernel';
import type { Answer, JobControl, LoadedEvidence, VaultContext } from './contract.ts';
import { type ExamineGround, examineGround } from './examineGround.ts';
import { trustedKeysOf } from './presentKeys.ts';
import { randomBytes } from './sealing.ts';
import { guarded, refuse } from './vaultError.ts';

export function integrityLabApi(context: VaultContext, ports: Promise<IntakePorts>) {
	/** The lab of a drop: baselines are read once, outcomes kept until other evidence comes. */
	let lab: { readonly of: LoadedEvidence; readonly keys: string; readonly lab: TamperLab } | null = null;
	let outcomes: { readonly importId: string; readonly byId: Map<string, AttackOutcome> } | null = null;
	const labOf = async ({ engagement, loaded }: ExamineGround): Promise<TamperLab> => {
		const keys = trustedKeysOf(engagement.workbook());
		const names = keys.map(formatVerifierKey).join(' ');
		if (lab?.of !== loaded || lab.keys !== names) {
			const intake = await ports;
			const signers = new Map<string, LabSigner>();
			lab = {
				of: loaded,
				keys: names,
				lab: openTamperLab(
					loaded.source,
					{
						importCopy: (drop, outside) => importDrop(drop, intake, outside),
						signer: (name) => signers.get(name) ?? remembered(signers, name),
					},
					keys,
				),
			};
			outcomes = null;
		}
		return lab.lab;
	};
	const keep = (importId: string, outcome: AttackOutcome): void => {
		if (outcomes?.importId !== importId) outcomes = { importId, byId: new Map() };
		outcomes.byId.set(outcome.id, outcome);
	};

	return {
		/** The attacks that the lab knows, in the order it runs them. */
		attacks(): Answer<readonly AttackView[]> {
			return ok(attackViews());
		},

		/** What came out so far on the evidence that is loaded. */
		outcomes(): Answer<readonly AttackOutcome[]> {
			const on = examineGround(context);
			if (!on.ok) return on;
			return ok(outcomes?.importId === on.value.loaded.importId ? [...outcomes.byId.values()] : []);
		},

		/** Attacks a copy in memory and reads it again. The stored evidence is only read. */
		runAttack(id: string): Promise<Answer<AttackOutcome>> {
			return guarded(async () => {
				const on = examineGround(context);
				if (!on.ok) return on;
				const attack = ATTACKS.find((one) => one.id === id);
				if (!attack) return refuse('not_found', `There is no attack ${id}.`);
				const tamperLab = await labOf(on.value);
				return context.job(`Tamper lab: ${attack.title}`, async () => {
					const outcome = await tamperLab.run(attack);
					keep(on.value.loaded.importId, outcome);
					return ok(outcome);
				});
			});
		},

		runAllAttacks(): Promise<Answer<readonly AttackOutcome[]>> {
			return guarded(async () => {
				const on = examineGround(context);
				if (!on.ok) return on;
				const tamperLab = await labOf(on.value);
				const intake = await ports;
				return context.job('Tamper lab: all attacks', async (job: JobControl) => {
					const done: AttackOutcome[] = [];
					for (const attack of ATTACKS) {
						if (job.signal.aborted) return refuse('cancelled', 'The lab was stopped. What came out so far is kept.');
						job.progress(attack.title, done.length, ATTACKS.length, 'attacks');
						const outcome = await tamperLab.run(attack);
						keep(on.value.loaded.importId, outcome);
						done.push(outcome);
						await intake.breathe();
					}
					job.progress('Done', ATTACKS.length, ATTACKS.length, 'attacks');
					return ok(done);
				});
			});
		},
	};
}

function remembered(signers: Map<string, LabSigner>, name: string): LabSigner {
	const made = labSigner(name);
	signers.set(name, made);
	return made;
}

/** A key made for this session of the lab alone; it never leaves the worker and is never stored. */
function labSigner(name: string): LabSigner {
	const secret = sha256(concatBytes(utf8(name), randomBytes(32)));
	const key = verifierKey(`${name}.invalid/log`, ed25519.getPublicKey(secret));
	return {
		key,
		vkey: formatVerifierKey(key),
		checkpoint(origin, size, root) {
			const text = checkpointText(origin, size, root);
			const signature = ed25519.sign(utf8(text), secret);
			return `${text}\n${formatSignatureLine(key.name, concatBytes(fromHex(key.keyId) ?? new Uint8Array(), signature))}`;
		},
	};
}
