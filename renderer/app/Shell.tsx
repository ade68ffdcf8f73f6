/** The frame around every screen of an open engagement: top bar, rail, the screen, status bar, and what opens over them. */

import { memo, Suspense, useEffect, useRef, useState } from 'react';
import { NO_FILTER } from '#explore';
import { Guard } from '../components/Guard.tsx';
import { Loading } from '../components/States.tsx';
import { useNav } from '../state/nav.ts';
import { usePrefs, ZOOM_STEPS } from '../state/prefs.ts';
import { BegunKeys } from './BegunKeys.tsx';
import { type Command, useCommandKeys, useCommands } from './commands.ts';
import { focusWhenThere } from './focus.ts';
import { HelpDrawer } from './HelpDrawer.tsx';
import { JobCentre } from './JobCentre.tsx';
import { KeySheet } from './KeySheet.tsx';
import { useStorageKeeping } from './keepStorage.ts';
import { lockNow } from './lock.ts';
import { notify } from './notify.ts';
import { Palette, spotlight } from './Palette.tsx';
import { Rail } from './Rail.tsx';
import styles from './Shell.module.css';
import { StatusBar } from './StatusBar.tsx';
import type { ScreenId } from './screen.ts';
import { SCREENS, screenOf } from './screens.ts';
import { TopBar } from './TopBar.tsx';
import { Tour } from './Tour.tsx';
import { UndoList } from './UndoList.tsx';
import { SummaryContext, useAskedSummary } from './useSummary.ts';
import { useSyncKeeping } from './useSyncKeeping.ts';
import { openVault } from './vault.ts';

type Over = 'none' | 'keys' | 'help' | 'jobs' | 'undo';

export function Shell() {
	const summary = useAskedSummary();
	return (
		<SummaryContext value={summary}>
			<OpenWindow isKnown={summary.state !== 'loading'} />
		</SummaryContext>
	);
}

/** @param isKnown whose engagement it is, and in what role: no screen stands there before, so that it refuses nobody what they may do */
const OpenWindow = memo(({ isKnown }: { isKnown: boolean }) => {
	const { screen, go, back } = useNav();
	const [over, setOver] = useState<Over>('none');
	const main = useRef<HTMLElement>(null);
	const toggle = (what: Over) => setOver((now) => (now === what ? 'none' : what));
	const { Component } = screenOf(screen);

	useCommands(() => generalCommands(toggle, back, main.current), [back]);
	useCommands(
		() =>
			SCREENS.map(({ id, title, goKey }) => ({
				id: `go.${id}`,
				title: `Go to ${title}`,
				group: 'Go to',
				keys: `g ${goKey}`,
				run: () => go(id),
			})),
		[go],
	);
	useStorageKeeping();
	useAnnouncement(screen);
	// A new screen is announced and takes the focus, so that a keyboard or a screen reader goes on there.
	const first = useRef(true);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the screen is what has changed
	useEffect(() => {
		if (first.current) {
			first.current = false;
			return;
		}
		return main.current ? focusWhenThere(main.current, '[data-screen-title]') : undefined;
	}, [screen]);

	return (
		<div className={styles['shell']}>
			<CommandKeys />
			<SyncKeeping />
			<TopBar />
			<div className={styles['middle']}>
				<Rail />
				<main ref={main} className={styles['screen']} aria-label={screenOf(screen).title}>
					<Guard key={screen}>
						<Suspense fallback={<Loading />}>{isKnown ? <Component /> : <Loading />}</Suspense>
					</Guard>
				</main>
			</div>
			<BegunKeys />
			<StatusBar onJobs={() => toggle('jobs')} />
			<Palette />
			<KeySheet isOpen={over === 'keys'} onClose={() => setOver('none')} />
			<HelpDrawer isOpen={over === 'help'} onClose={() => setOver('none')} />
			<UndoList isOpen={over === 'undo'} onClose={() => setOver('none')} onStep={(direction) => void stepBack(direction)} />
			<JobCentre isOpen={over === 'jobs'} onClose={() => setOver('none')} />
			<Tour />
		</div>
	);
});

/** Listens apart, so that a change of the commands draws no screen anew. */
function CommandKeys() {
	useCommandKeys();
	return null;
}

/** Keeps in touch apart, for the same reason. */
function SyncKeeping() {
	useSyncKeeping();
	return null;
}

/** Tells the main process what stands on screen, for whoever waits for the window. */
function useAnnouncement(screen: ScreenId): void {
	useEffect(() => {
		const announce = async (): Promise<void> => {
			const view = await openVault().orders.table(NO_FILTER);
			const orders = view.ok ? view.value.of : null;
			await window.tieout.invoke('app.shown', { screen, title: screenOf(screen).title, orders });
		};
		void announce();
	}, [screen]);
}

function generalCommands(toggle: (what: Over) => void, back: () => void, main: HTMLElement | null): Command[] {
	const group = 'General';
	return [
		{ id: 'palette', title: 'Command palette', group, keys: '$mod+k', run: () => spotlight.open() },
		{ id: 'keys', title: 'Keys of this screen', group, keys: 'Shift+?', run: () => toggle('keys') },
		{ id: 'help', title: 'Help for this screen', group, keys: 'F1', run: () => toggle('help') },
		{ id: 'jobs', title: 'Jobs', group, keys: '$mod+j', run: () => toggle('jobs') },
		{ id: 'undo', title: 'Undo', group, keys: '$mod+z', run: () => stepBack('undo') },
		{ id: 'undo.list', title: 'Undo list: what Undo would take back', group, keys: 'Alt+z', run: () => toggle('undo') },
		{ id: 'redo', title: 'Redo', group, keys: '$mod+Shift+z', run: () => stepBack('redo') },
		{ id: 'lock', title: 'Lock now', group, keys: '$mod+l', run: lockNow },
		{ id: 'back', title: 'Back to where you were', group, keys: 'Alt+ArrowLeft', run: back },
		{ id: 'settings', title: 'Settings', group, keys: '$mod+,', run: () => useNav.getState().go('settings') },
		{
			id: 'rail',
			title: 'Fold or unfold the rail',
			group,
			keys: '$mod+\\',
			run: () => usePrefs.getState().change({ railCollapsed: !usePrefs.getState().railCollapsed }),
		},
		{ id: 'region', title: 'Next region', group, keys: 'F6', run: () => nextRegion(main) },
		{ id: 'zoom.in', title: 'Larger', group, keys: '$mod+=', run: () => zoom(1) },
		{ id: 'zoom.out', title: 'Smaller', group, keys: '$mod+-', run: () => zoom(-1) },
		{ id: 'saved', title: 'Is my work saved?', group, keys: '$mod+s', run: saySaved },
		{ id: 'tour', title: 'Take the tour', group, run: () => usePrefs.getState().change({ tourDone: false }) },
	];
}

/** Undo appends a compensating act; what was done stays in the log. */
async function stepBack(direction: 'undo' | 'redo'): Promise<void> {
	const answer = await openVault().workbook[direction]();
	if (answer.ok) notify({ tone: 'done', message: `${direction === 'undo' ? 'Undone' : 'Done again'}: ${answer.value.sentence}` });
	else notify({ tone: 'warn', message: answer.error.message });
}

function saySaved(): void {
	notify({
		tone: 'done',
		message: `Saved ${new Date().toLocaleTimeString()}. Every act is written before it shows; there is nothing to save.`,
	});
}

function zoom(step: 1 | -1): void {
	const { zoomPercent, change } = usePrefs.getState();
	const at = ZOOM_STEPS.findIndex((one) => one >= zoomPercent);
	change({ zoomPercent: ZOOM_STEPS[Math.min(ZOOM_STEPS.length - 1, Math.max(0, at + step))] ?? 100 });
}

function nextRegion(main: HTMLElement | null): void {
	const regions = [...document.querySelectorAll<HTMLElement>('[data-region], main aside, main [data-keys="list"]')];
	const at = regions.findIndex((region) => region.contains(document.activeElement));
	const region = regions[(at + 1) % regions.length] ?? main;
	const target = region?.querySelector<HTMLElement>('[tabindex="0"], button, a[href], input, [tabindex="-1"]');
	target?.focus();
}
