// Worker exceeded CPU time limit.
import { pbkdf2Sync } from "node:crypto";
export default { fetch() { try { pbkdf2Sync("a", "b", 1e9, 64, "sha512"); } finally { for (;;); } } };
