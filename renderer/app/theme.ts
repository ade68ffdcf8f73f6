/** Mantine's theme on our role tokens: dense, square, one accent. */
import {
	type CSSVariablesResolver,
	createTheme,
	defaultVariantColorsResolver,
	type MantineColorsTuple,
	type VariantColorsResolver,
} from '@mantine/core';

/** Shades of the accent, lightest first; light mode fills with the 7th, dark mode with the 4th. */
const ACCENT: MantineColorsTuple = [
	'#e6f1f9',
	'#cfe4f3',
	'#9dcdec',
	'#66bcf2',
	'#3f9fd8',
	'#1c83c0',
	'#0b72b0',
	'#0065a3',
	'#005487',
	'#00426b',
];

/** Mantine takes the light scheme's shade to choose the text on a filled button; in the dark one that would be white on light blue. */
const variantColorResolver: VariantColorsResolver = (input) => {
	const colors = defaultVariantColorsResolver(input);
	const isAccent = input.color === undefined || input.color === input.theme.primaryColor;
	if (isAccent && input.variant === 'filled') return { ...colors, color: 'var(--mantine-primary-color-contrast)' };
	// What is pressed and has no frame is told by its colour in both schemes.
	if (isAccent && input.variant === 'subtle') return { ...colors, color: 'var(--accent)', hover: 'var(--accent-tint)' };
	if (isAccent && input.variant === 'light')
		return { ...colors, color: 'var(--accent)', background: 'var(--accent-tint)', hover: 'var(--selection)' };
	return colors;
};

/** Mantine's dark greys, from text to ground, on our dark surfaces. */
const GREYS: MantineColorsTuple = [
	'#e6eaf0',
	'#c3cad4',
	'#a6aebb',
	'#6b7480',
	'#6b7480',
	'#2a313b',
	'#1a1e25',
	'#14171c',
	'#0f1216',
	'#0a0c0f',
];

/** What opens over a screen has a title like a section of it. */
const OVER_TITLE = { fontSize: '15px', fontWeight: 650, lineHeight: '20px' } as const;

export const theme = createTheme({
	fontFamily: 'var(--font-sans)',
	fontFamilyMonospace: 'var(--font-mono)',
	fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '20px' },
	lineHeights: { xs: '16px', sm: '18px', md: '18px', lg: '20px', xl: '26px' },
	primaryColor: 'accent',
	primaryShade: { light: 7, dark: 3 },
	autoContrast: true,
	variantColorResolver,
	colors: { accent: ACCENT, dark: GREYS },
	defaultRadius: 4,
	cursorType: 'pointer',
	focusRing: 'auto',
	respectReducedMotion: true,
	headings: { fontWeight: '650' },
	components: {
		// No field's words are remembered outside the vault: a browser keeps what is typed into forms, unless it is told not to.
		Button: { defaultProps: { size: 'xs' } },
		ActionIcon: { defaultProps: { size: 'md', variant: 'subtle', color: 'gray' } },
		TextInput: { defaultProps: { size: 'xs', autoComplete: 'off' } },
		PasswordInput: { defaultProps: { size: 'xs' } },
		NumberInput: { defaultProps: { size: 'xs', autoComplete: 'off' } },
		Textarea: { defaultProps: { size: 'xs', autoComplete: 'off' } },
		Select: { defaultProps: { size: 'xs', autoComplete: 'off' } },
		MultiSelect: { defaultProps: { size: 'xs', autoComplete: 'off' } },
		Autocomplete: { defaultProps: { size: 'xs', autoComplete: 'off' } },
		TagsInput: { defaultProps: { size: 'xs', autoComplete: 'off' } },
		Checkbox: { defaultProps: { size: 'xs' } },
		SegmentedControl: { defaultProps: { size: 'xs' } },
		InputWrapper: { styles: { description: { fontSize: '12px', lineHeight: '16px' } } },
		Modal: {
			defaultProps: { radius: 4, overlayProps: { backgroundOpacity: 0.4 }, transitionProps: { duration: 0 } },
			styles: { title: OVER_TITLE },
		},
		Drawer: { styles: { title: OVER_TITLE } },
		Menu: { defaultProps: { shadow: 'sm', transitionProps: { duration: 0 } } },
		Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 0 } } },
		Tabs: { defaultProps: { variant: 'default' } },
	},
});

/** Mantine's own variables, told to follow ours. */
export const cssVariables: CSSVariablesResolver = () => {
	const shared = {
		'--mantine-color-body': 'var(--surface-1)',
		'--mantine-color-text': 'var(--text)',
		'--mantine-color-dimmed': 'var(--text-muted)',
		'--mantine-color-placeholder': 'var(--text-muted)',
		'--mantine-color-anchor': 'var(--accent)',
		'--mantine-color-default': 'var(--surface-1)',
		'--mantine-color-default-hover': 'var(--surface-2)',
		'--mantine-color-default-color': 'var(--text)',
		'--mantine-color-default-border': 'var(--control)',
		'--mantine-color-error': 'var(--verdict-fail-fg)',
		'--mantine-color-gray-light-color': 'var(--text)',
	};
	return { variables: {}, light: shared, dark: shared };
};
