import 'react'; // allowed
import 'ag-grid-community'; // allowed
import '../app/format.ts'; // allowed
import '../screens/Orders/index.ts'; // refused
import 'rxdb'; // refused
import 'electron'; // refused
import 'node:fs'; // refused
