// Worker exceeded CPU time limit.
export default { async fetch() {
  await crypto.subtle.generateKey({ name: "RSA-OAEP", modulusLength: 16384, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" }, true, ["encrypt", "decrypt"]);
} };
