/** Single values as people read them: money, quantities, times, hashes. */

import { useState } from 'react';
import { copyText } from '../app/bridge.ts';
import { formatInstantLocal, formatMinor, shortHash } from '../app/format.ts';
import styles from './Values.module.css';

/** An amount with its currency code, right-aligned digits. */
export function Money({ minor, currency, className }: { minor: bigint; currency: string; className?: string }) {
	return (
		<span className={`${styles['number']} ${className ?? ''}`}>
			{formatMinor(minor, currency)} <span className={styles['code']}>{currency}</span>
		</span>
	);
}

/** Local time with its zone; the ISO form on hover. */
export function Instant({ at }: { at: string | number }) {
	const iso = new Date(at).toISOString();
	return (
		<time dateTime={iso} title={iso} className={styles['time']}>
			{formatInstantLocal(at)}
		</time>
	);
}

/** A hash, shortened; click or Enter copies it, the full one shows on hover. */
export function Hash({ value }: { value: string }) {
	const [copied, setCopied] = useState(false);
	return (
		<button
			type="button"
			className={styles['hash']}
			title={copied ? 'Copied' : `${value} (click to copy)`}
			aria-label={`${shortHash(value)}: copy the hash ${value}`}
			onClick={() => {
				void copyText(value).then(setCopied);
			}}
			onBlur={() => setCopied(false)}
		>
			{shortHash(value)}
			{copied ? ' ✓' : ''}
		</button>
	);
}
