import 'react'; // allowed
import '#explore'; // allowed
import '../../components/DataGrid.tsx'; // allowed
import './index.ts'; // allowed
import 'rxdb'; // refused
import 'dexie'; // refused
import 'electron'; // refused
import 'node:fs'; // refused
