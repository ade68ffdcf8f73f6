/** What axe-core finds against WCAG 2.2 A and AA, as sentences. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

type Violation = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'][number];

const sentence = ({ id, help, nodes }: Violation): string =>
	`${id} (${help}): ${nodes.map(({ target, html, any }) => `${target.join(' ')} ${html.slice(0, 200)} ${any.map(({ message }) => message).join('; ')}`).join(' | ')}`;

export async function barriersOf(page: Page): Promise<string[]> {
	const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
	return violations.map(sentence);
}
