/** Under the name of a book: that it was not supplied, or how much of it was set aside. */
import type { BookSupply } from '#explore';
import { plural } from '../../app/format.ts';
import textStyles from '../../components/Text.module.css';
import { lackWords } from './words.ts';

export function Supply({ supply: { missing, setAside } }: { supply: BookSupply }) {
	if (missing.length > 0)
		return (
			<div className={textStyles['muted']} title={lackWords(missing)}>
				not supplied
			</div>
		);
	if (setAside === 0) return null;
	return (
		<div className={textStyles['warn']} title="Malformed lines of its tables were set aside; what is said here is without them.">
			▲ {plural(setAside, 'line')} set aside
		</div>
	);
}
