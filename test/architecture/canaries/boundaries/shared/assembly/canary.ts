import '#intake'; // allowed
import '#pack'; // allowed
import './redaction.ts'; // allowed
import '#company'; // refused
import 'node:crypto'; // refused
import 'pdf-lib'; // refused
import '../pack/plan.ts'; // refused
