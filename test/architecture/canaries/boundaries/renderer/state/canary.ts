import 'zustand'; // allowed
import 'react'; // allowed
import '../vault/contract.ts'; // allowed
import '#population'; // refused
import '@mantine/core'; // refused
import 'rxdb'; // refused
import 'electron'; // refused
