/** Conditions in words and numbers: search, amounts of one currency, and the chips of what is on. */
import { Button, TextInput } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { VERDICT_WORDS } from '#findings';
import { currencyExponent } from '#kernel';
import { formatMinor } from '../../app/format.ts';
import { Chip, Toolbar } from '../../components/Frame.tsx';
import { SearchBox } from '../../components/SearchBox.tsx';
import { amountOf } from '../Orders/inputs.ts';
import styles from './Exceptions.module.css';
import { toggled, useTriage } from './state.ts';
import { severityWord } from './words.tsx';

export function TriageToolbar() {
	const { filter, hasFacets, narrow, replace, set } = useTriage();
	const onText = useCallback((text: string) => narrow({ text }), [narrow]);
	const { queue, tests = [], severities = [], verdicts = [], currency, orderId } = filter;
	const without = (name: 'currency' | 'amountFrom' | 'amountTo' | 'orderId'): void => {
		const { [name]: _, ...others } = filter;
		replace(others);
	};
	const hasConditions = Object.entries(filter).some(
		([name, value]) => name !== 'queue' && (Array.isArray(value) ? value.length > 0 : value !== '' && value !== undefined),
	);
	return (
		<Toolbar label="Conditions">
			<SearchBox
				label="Search in reasons, orders and keys"
				placeholder="Reason, order, key  /"
				text={filter.text ?? ''}
				onText={onText}
				width={200}
				name="triage"
				onLeave={() => document.querySelector<HTMLElement>('[data-triage-list]')?.focus()}
			/>
			<span className={styles['conditions']}>
				<Button variant="default" aria-expanded={hasFacets} onClick={() => set({ hasFacets: !hasFacets })}>
					Conditions
				</Button>
			</span>
			<AmountInput label="Amount from" name="amountFrom" />
			<AmountInput label="up to" name="amountTo" />
			{tests.map((test) => (
				<Chip key={test} label={`test ${test}`} onRemove={() => narrow({ tests: toggled(tests, test) })} />
			))}
			{severities.map((severity) => (
				<Chip key={severity} label={severityWord(severity)} onRemove={() => narrow({ severities: toggled(severities, severity) })} />
			))}
			{verdicts.map((verdict) => (
				<Chip key={verdict} label={VERDICT_WORDS[verdict]} onRemove={() => narrow({ verdicts: toggled(verdicts, verdict) })} />
			))}
			{currency === undefined ? null : <Chip label={currency} onRemove={() => without('currency')} />}
			{orderId === undefined ? null : <Chip label={`order ${orderId}`} onRemove={() => without('orderId')} />}
			{hasConditions ? (
				<Button variant="subtle" onClick={() => replace(queue === undefined ? {} : { queue })}>
					Clear
				</Button>
			) : null}
		</Toolbar>
	);
}

/** An amount as a person types it, in the currency that is chosen. */
function AmountInput({ label, name }: { label: string; name: 'amountFrom' | 'amountTo' }) {
	const { filter, narrow, replace } = useTriage();
	const { currency } = filter;
	const now = filter[name];
	const [typed, setTyped] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	useEffect(() => setTyped(now === undefined || currency === undefined ? '' : formatMinor(now, currency)), [now, currency]);
	const take = (): void => {
		if (currency === undefined) return;
		if (typed.trim() === '') {
			const { [name]: _, ...others } = filter;
			if (now !== undefined) replace(others);
			setFault(null);
			return;
		}
		const minor = minorOf(typed, currency);
		setFault(minor === null ? `No amount in ${currency}` : null);
		if (minor !== null && minor !== now) narrow({ [name]: minor });
	};
	return (
		<TextInput
			aria-label={`${label}${currency === undefined ? '' : ` in ${currency}`}`}
			placeholder={currency === undefined ? label : `${label}, ${currency}`}
			title={currency === undefined ? 'Choose a currency on the left first: amounts of several are never compared' : ''}
			disabled={currency === undefined}
			value={typed}
			error={fault}
			onChange={({ currentTarget }) => setTyped(currentTarget.value)}
			onBlur={take}
			onKeyDown={({ key }) => {
				if (key === 'Enter') take();
			}}
			w={128}
		/>
	);
}

function minorOf(typed: string, currency: string): bigint | null {
	const text = amountOf(typed);
	if (text === null || text.startsWith('-')) return null;
	const [whole = '', fraction = ''] = text.split('.');
	const exponent = currencyExponent(currency);
	return fraction.length > exponent ? null : BigInt(whole + fraction.padEnd(exponent, '0'));
}
