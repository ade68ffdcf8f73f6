/** AG Grid in our roles of colour and our density. */
import { themeQuartz } from 'ag-grid-community';

export const gridTheme = themeQuartz.withParams({
	fontFamily: 'var(--font-sans)',
	fontSize: 13,
	headerFontSize: 12,
	headerFontWeight: 500,
	backgroundColor: 'var(--surface-1)',
	foregroundColor: 'var(--text)',
	headerBackgroundColor: 'var(--surface-2)',
	headerTextColor: 'var(--text-muted)',
	borderColor: 'var(--line)',
	rowBorder: { color: 'var(--line)' },
	wrapperBorder: false,
	wrapperBorderRadius: 0,
	accentColor: 'var(--accent)',
	rowHoverColor: 'var(--surface-2)',
	selectedRowBackgroundColor: 'var(--selection)',
	cellHorizontalPadding: 8,
	rowHeight: 28,
	headerHeight: 32,
	browserColorScheme: 'inherit',
});
