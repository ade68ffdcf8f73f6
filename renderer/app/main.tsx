/** The window's composition root. The policies come first: libraries write styles as soon as they are loaded. */
import './floor.ts';
import './trustedWorker.ts';
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './tokens.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { styleNonce } from './nonce.ts';
import { cssVariables, theme } from './theme.ts';

const root = document.getElementById('root');
if (root)
	createRoot(root).render(
		<StrictMode>
			<MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => styleNonce}>
				<Notifications position="bottom-right" limit={4} />
				<App />
			</MantineProvider>
		</StrictMode>,
	);
