import '#population'; // allowed
import '#audit'; // allowed
import './orders.ts'; // allowed
import '#pack'; // refused
import '#company'; // refused
import 'node:fs'; // refused
import 'react'; // refused
