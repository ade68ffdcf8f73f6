/** Keeps a fault of one screen from taking the window with it: the rest stays, and the person is told what to do. */
import { Component, type ReactNode } from 'react';
import { ErrorState } from './States.tsx';

interface GuardProps {
	readonly children: ReactNode;
}

interface GuardState {
	readonly fault: string | null;
}

export class Guard extends Component<GuardProps, GuardState> {
	override state: GuardState = { fault: null };

	static getDerivedStateFromError(error: unknown): GuardState {
		return { fault: error instanceof Error ? error.message : String(error) };
	}

	override render(): ReactNode {
		const { fault } = this.state;
		if (fault === null) return this.props.children;
		return (
			<ErrorState
				error={{
					code: 'invalid',
					message: `This screen failed (${fault}). Your work is saved. Try again, go to another screen, or lock and unlock.`,
				}}
				onRetry={() => this.setState({ fault: null })}
			/>
		);
	}
}
