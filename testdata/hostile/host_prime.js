// Worker exceeded CPU time limit.
import { generatePrimeSync } from "node:crypto";
export default { fetch() { for (;;) generatePrimeSync(4096, { safe: true }); } };
