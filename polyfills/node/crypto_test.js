import assert from "node:assert";
import * as crypto from "node:crypto";

const data = Buffer.from("hello world, this is a test of ciphers");

function thrown(call) {
  try {
    call();
  } catch (error) {
    return `${error.name} ${error.code ?? ""} ${error.message}`;
  }
  return "nothing";
}

export const digestsOfManyPieces = {
  test() {
    const hash = crypto.createHash("sha256");
    for (let i = 0; i < 100; i++) hash.update(`abc${i}`);
    const copy = hash.copy();
    assert.strictEqual(hash.digest("hex"), "f727627d6f4ddd2703ba15186778a300006b1dda81a50cd396844c75e681c8f9");
    assert.strictEqual(copy.update("x").digest("base64url"), "ayY66xWUjC74jmruDjiaBMSsk3a-qOip7fyaiETk_b8");
    assert.strictEqual(thrown(() => hash.update("a")), "Error ERR_CRYPTO_HASH_FINALIZED Digest already called");
    const ended = crypto.createHash("md5");
    ended.end("a");
    for (const call of [() => ended.copy(), () => ended.update("b")]) assert.strictEqual(thrown(call), "OperationError 0 Hash context has already been finalized.");
  },
};

export const digestsByName = {
  test() {
    const starts = { md4: "bde52cb31de33e46", md5: "0cc175b9c0f1b6a8", "RSA-SHA256": "ca978112ca1bbdca", "sha512-256": "455e518824bc0601", dsaWithSHA: "86f7e437faa5a7fc" };
    for (const [name, start] of Object.entries(starts)) assert.strictEqual(crypto.createHash(name).update("a").digest("hex").slice(0, 16), start);
    for (const name of ["sha-256", "Sha256", "sha3-256", "shake128", ""]) {
      assert.strictEqual(thrown(() => crypto.createHash(name)), "Error  Digest method not supported");
    }
    assert.strictEqual(crypto.hash("md5", "a"), "0cc175b9c0f1b6a831c399e269772661");
    assert.strictEqual(thrown(() => crypto.createHash("sha256", { outputLength: 16 })), "Error  invalid digest size");
  },
};

export const hmacOfLongKey = {
  test() {
    const long = crypto.createHmac("sha512", Buffer.alloc(300, 7));
    const same = crypto.createHmac("sha512", crypto.createHash("sha512").update(Buffer.alloc(300, 7)).digest());
    for (let i = 0; i < 100; i++) {
      long.update(`abc${i}`);
      same.update(`abc${i}`);
    }
    assert.strictEqual(long.digest("hex"), same.digest("hex"));
    assert.strictEqual(long.digest("hex"), "");
    assert.strictEqual(crypto.createHmac("RSA-SHA256", "k").update("a").digest("hex"), "78da91511e675587f5b9df78bedebaf5560da2abb88162ee875dcdf744951d9e");
  },
};

export const derivedKeys = {
  async test() {
    assert.strictEqual(crypto.scryptSync("p", "s", 16).toString("hex"), "4329787752e75d1de359a05806e492d4");
    assert.strictEqual(crypto.pbkdf2Sync("p", "s", 100001, 16, "sha1").toString("hex"), "71c4114ac94d26ac6967659eaaf19393");
    assert.strictEqual(thrown(() => crypto.pbkdf2Sync("p", "s", 1, 16, "foo")), "TypeError  Invalid Pbkdf2 digest: foo.");
    assert.strictEqual(thrown(() => crypto.scryptSync("p", "s", 16, { N: 15 })), "Error  Scrypt failed");
    assert.strictEqual(thrown(() => crypto.scryptSync("p", "s", 16, { N: 1 << 20 })), "RangeError  Scrypt failed: cost exceeds maximum (1048576).");
    const later = await new Promise((resolve) => crypto.pbkdf2("p", "s", 100001, 16, "sha1", (error, key) => resolve(key.toString("hex"))));
    assert.strictEqual(later, "71c4114ac94d26ac6967659eaaf19393");
  },
};

const kCiphertexts = {
  "aes-128-cbc": "71db388103a663f908aa2453634abde5697464b687bd9ed59e4988de90b23d331ddefd74024a25366daaa0ffb16341d7",
  "aes-256-ctr": "0acb7e9f4b9f9d67a79a1199337603d6d68db927bf58a9192e5b3ae89bc0921568628a827315",
  "aes-192-ecb": "3df26cbd7c5845b783b464558c3f2b359d0d3fbd42b4cc6354e551c1e6ff46207edb6188a7c1000e4cbe5bc410af743b",
  "aes-128-ofb": "7fb3789f168942ff0585315bdd45aa632c981075bcda7641421561ca57214955819e5da736f9",
  "aes-256-gcm": "6fb3a5252577b692a1a0d8e47cd3aadbd195b89ccbd0ad05b8f494db179d541c1e0f76521f1c",
  "des-ede3-cbc": "4dfc79f8e17fbfdcf9611d8fd1a5ed21b7b197ec3de743194dc429ada81c3cc67cc3b3d363a24494",
  "rc2-cbc": "646fddc5b85329c36b089aea69a09fb912881b9b48ea8a61decb2211d95da567c9bd8dba82926a36",
  rc4: "6e6d626277005e464b5f2d7b4602efead295a393d7073108291bf183ad84832a0556511ad4bd",
  "chacha20-poly1305": "8e799e42e2839fb503418dd5f3ff8c40ff93057ea3cb5da771f76f9d9af064bfba639190497d",
};

export const ciphers = {
  test() {
    for (const [name, expected] of Object.entries(kCiphertexts)) {
      const { keyLength, ivLength } = crypto.getCipherInfo(name);
      const cipher = crypto.createCipheriv(name, Buffer.alloc(keyLength, 1), Buffer.alloc(ivLength, 2));
      assert.strictEqual(cipher.update(data, undefined, "hex") + cipher.final("hex"), expected, name);
      const decipher = crypto.createDecipheriv(name, Buffer.alloc(keyLength, 1), Buffer.alloc(ivLength, 2));
      const tag = cipher.getAuthTag();
      if (tag.length > 0) decipher.setAuthTag(tag);
      assert.strictEqual(decipher.update(expected, "hex", "utf8") + decipher.final("utf8"), data.toString(), name);
    }
  },
};

export const ciphersOfManyPieces = {
  test() {
    for (const name of ["aes-128-cbc", "aes-128-ecb", "aes-128-ctr", "aes-128-ofb", "aes-128-gcm"]) {
      const { ivLength } = crypto.getCipherInfo(name);
      const make = () => crypto.createCipheriv(name, Buffer.alloc(16, 1), Buffer.alloc(ivLength, 255));
      const text = Buffer.alloc(1000, "abcdefg");
      const whole = make();
      const expected = Buffer.concat([whole.update(text), whole.final()]);
      const cipher = make();
      const parts = [];
      for (let i = 0, n = 1; i < text.length; i += n++) parts.push(cipher.update(text.subarray(i, i + n)));
      parts.push(cipher.final());
      assert.deepStrictEqual(Buffer.concat(parts), expected, name);
      assert.deepStrictEqual(cipher.getAuthTag(), whole.getAuthTag(), name);
    }
  },
};

export const authenticatedCiphers = {
  test() {
    const key = Buffer.alloc(16, 1);
    const tagOf = (size) => {
      const cipher = crypto.createCipheriv("aes-128-gcm", key, Buffer.alloc(size, 2));
      cipher.update("a", "utf8");
      cipher.final();
      return cipher.getAuthTag().toString("hex");
    };
    assert.strictEqual(tagOf(1), "833870992a53da6c903573bec80f1ba2");
    assert.strictEqual(tagOf(16), "28d764a7fefef8dbe314c00de54f2042");
    assert.strictEqual(tagOf(300), "1752b5bd1349f3671aeb2181c7358b86");
    const wrong = crypto.createDecipheriv("aes-128-gcm", key, Buffer.alloc(12));
    wrong.setAuthTag(key);
    wrong.update(data);
    assert.strictEqual(thrown(() => wrong.final()), "Error  Authentication failed");
    assert.strictEqual(thrown(() => crypto.createCipheriv("aes-128-cbc", key, key).setAAD(key)), "Error  Cipher does not support authenticated mode");
  },
};

export const keysAsTheyAreWritten = {
  test() {
    for (const [type, options] of [["rsa", { modulusLength: 1024 }], ["ec", { namedCurve: "P-384" }], ["ed25519", {}], ["x25519", {}]]) {
      const { privateKey, publicKey } = crypto.generateKeyPairSync(type, options);
      for (const cipher of [undefined, "aes-256-cbc", "aes-128-cbc", "des-ede3-cbc"]) {
        for (const format of ["pem", "der"]) {
          const secret = cipher === undefined ? {} : { cipher, passphrase: "top secret" };
          const written = privateKey.export({ format, type: "pkcs8", ...secret });
          assert.ok(crypto.createPrivateKey({ key: written, format, type: "pkcs8", passphrase: secret.passphrase }).equals(privateKey), type);
          if (cipher !== undefined) assert.strictEqual(thrown(() => crypto.createPrivateKey({ key: written, format, type: "pkcs8", passphrase: "no" })), "Error  Failed to parse private key");
        }
      }
      const spki = publicKey.export({ format: "pem", type: "spki" });
      assert.ok(crypto.createPublicKey(spki).equals(publicKey));
      assert.ok(crypto.createPublicKey(privateKey).equals(publicKey));
      assert.ok(crypto.createPrivateKey({ key: privateKey.export({ format: "jwk" }), format: "jwk" }).equals(privateKey));
      assert.ok(crypto.createPublicKey({ key: publicKey.export({ format: "jwk" }), format: "jwk" }).equals(publicKey));
    }
  },
};

export const encryptedKeysOfTheOldKind = {
  test() {
    const { privateKey } = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
    const written = privateKey.export({ format: "pem", type: "sec1", cipher: "aes-256-cbc", passphrase: "x" });
    assert.match(written, /^-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,[0-9A-F]{32}\n\n/);
    assert.strictEqual(thrown(() => crypto.createPrivateKey(written)), "Error  Failed to parse private key");
  },
};

export const signatures = {
  test() {
    const rsa = crypto.generateKeyPairSync("rsa", { modulusLength: 1024 });
    const ec = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
    const ed = crypto.generateKeyPairSync("ed25519");
    const pem = rsa.privateKey.export({ format: "pem", type: "pkcs8" });
    const spki = rsa.publicKey.export({ format: "pem", type: "spki" });
    for (const saltLength of [undefined, -1, -2, 0, 20]) {
      const signature = crypto.createSign("sha256").update(data).sign({ key: pem, padding: 6, saltLength });
      assert.ok(crypto.createVerify("sha256").update(data).verify({ key: spki, padding: 6, saltLength: -2 }, signature), `${saltLength}`);
    }
    assert.ok(crypto.verify("sha512", data, rsa.publicKey, crypto.sign("sha512", data, rsa.privateKey)));
    assert.ok(crypto.verify(null, data, ed.publicKey, crypto.sign(null, data, ed.privateKey)));
    const raw = { key: ec.privateKey.export({ format: "pem", type: "pkcs8" }), dsaEncoding: "ieee-p1363" };
    assert.strictEqual(crypto.createSign("sha256").update(data).sign(raw).length, 64);
    assert.strictEqual(thrown(() => crypto.sign("sha256", data, ed.privateKey)), "Error  Failed to initialize signing context");
    assert.strictEqual(thrown(() => crypto.createSign("foo")), "Error  Unknown digest: foo");
    assert.strictEqual(thrown(() => crypto.createSign("sha256").sign()), "Error ERR_CRYPTO_SIGN_KEY_REQUIRED No key provided to sign");
  },
};

export const encryptionWithRSA = {
  test() {
    const { privateKey, publicKey } = crypto.generateKeyPairSync("rsa", { modulusLength: 1024 });
    const key = privateKey.export({ format: "pem", type: "pkcs1" });
    for (const padding of [1, 4]) {
      const sealed = crypto.publicEncrypt({ key: publicKey.export({ format: "pem", type: "spki" }), padding }, data);
      assert.deepStrictEqual(crypto.privateDecrypt({ key, padding }, sealed), data);
    }
    assert.deepStrictEqual(crypto.publicDecrypt(publicKey, crypto.privateEncrypt(privateKey, data)), data);
    assert.strictEqual(thrown(() => crypto.publicEncrypt(publicKey, Buffer.alloc(200))), "Error  Failed to cipher/decipher");
  },
};

export const agreements = {
  test() {
    const [a, b] = [crypto.getDiffieHellman("modp14"), crypto.getDiffieHellman("MODP14")];
    a.generateKeys();
    b.generateKeys();
    assert.deepStrictEqual(a.computeSecret(b.getPublicKey()), b.computeSecret(a.getPublicKey()));
    const primes = {
      modp14: "b95c799aa5dd388c6df5e72398cb9d7df40519e4",
      modp15: "941a047738fe55333369e2b386b6d618c9fca5ff",
      modp16: "2d8abef2bff635f80498b7b5e9576d520e523ef6",
      modp17: "530d2c7cb09e547f2f501265aadc846fbbccf2c3",
      modp18: "016170c528b306c9bb17b5ffacab0fe7eacad705",
    };
    for (const name in primes) assert.strictEqual(crypto.hash("sha1", crypto.getDiffieHellman(name).getPrime()), primes[name]);
    const ecdh = crypto.createECDH("prime256v1");
    ecdh.setPrivateKey(Buffer.from([1]));
    assert.strictEqual(ecdh.getPublicKey("hex", "compressed"), "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
    for (const type of ["x25519", "ec"]) {
      const [p, q] = [1, 2].map(() => crypto.generateKeyPairSync(type, { namedCurve: "P-256" }));
      const secret = crypto.diffieHellman({ privateKey: p.privateKey, publicKey: q.publicKey });
      assert.deepStrictEqual(secret, crypto.diffieHellman({ privateKey: q.privateKey, publicKey: p.publicKey }));
    }
  },
};

export const primes = {
  async test() {
    const prime = crypto.generatePrimeSync(64, { safe: true, bigint: true });
    assert.ok(crypto.checkPrimeSync(prime) && crypto.checkPrimeSync((prime - 1n) / 2n));
    assert.strictEqual(crypto.generatePrimeSync(32, { add: 12n, rem: 11n, bigint: true }) % 12n, 11n);
    const later = await new Promise((resolve) => crypto.generatePrime(32, (error, value) => resolve(value)));
    assert.strictEqual(later.byteLength, 4);
    assert.strictEqual(thrown(() => crypto.generatePrimeSync(1)), "Error  Error while generating prime");
  },
};

export const streams = {
  async test() {
    const ends = (stream) => new Promise((resolve) => stream.on("data", (data) => resolve(data.toString("hex"))));
    const hash = crypto.createHash("md5");
    hash.end("a");
    assert.strictEqual(await ends(hash), "0cc175b9c0f1b6a831c399e269772661");
    const cipher = crypto.createCipheriv("aes-128-ctr", Buffer.alloc(16, 1), Buffer.alloc(16, 2));
    cipher.write(data);
    assert.strictEqual((await ends(cipher)).slice(0, 16), "7fb3789f168942ff");
    const { privateKey, publicKey } = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
    const sign = crypto.createSign("sha256");
    sign.write("some ");
    sign.end("data");
    assert.ok(crypto.verify("sha256", Buffer.from("some data"), publicKey, sign.sign(privateKey)));
  },
};

const kCertificate =
  "MIICfzCCAiSgAwIBAgIBCjAKBggqhkjOPQQDAjBgMQswCQYDVQQGEwJVUzENMAsGA1UECgwEQSwgQjEPMA0GA1UECgwGc2Vjb25kMRIwEAYDVQQDDAlob3N0LnRlc3QxHT" +
  "AbBgkqhkiG9w0BCQEWDk1lQEV4YW1wbGUuY29tMB4XDTI2MTEyNzA5NDA1M1oXDTI2MTIwNzA5NDA1M1owYDELMAkGA1UEBhMCVVMxDTALBgNVBAoMBEEsIEIxDzANBgNV" +
  "BAoMBnNlY29uZDESMBAGA1UEAwwJaG9zdC50ZXN0MR0wGwYJKoZIhvcNAQkBFg5NZUBFeGFtcGxlLmNvbTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOry8pokl6XQXJ" +
  "YyPz+bDdhuak84SluW90lcmCKFSw0jow9Ag1CiwjzevBC239+7hXuJGOIDSyRxd+8Xah4UI9Kjgc4wgcswDwYDVR0TAQH/BAUwAwEB/zATBgNVHSUEDDAKBggrBgEFBQcD" +
  "ATBdBgNVHREEVjBUgg1hLmV4YW1wbGUuY29tgg8qLmIuZXhhbXBsZS5jb22GDGh0dHA6Ly94L2EsYocEfwAAAaQeMBwxCzAJBgNVBAYTAlVTMQ0wCwYDVQQKDAR4LCB5MC" +
  "UGCCsGAQUFBwEBBBkwFzAVBggrBgEFBQcwAYYJaHR0cDovL28vMB0GA1UdDgQWBBS/QUPL0k57vRXCS9U54q/+osNyADAKBggqhkjOPQQDAgNJADBGAiEAzSVBgg5lX5v/" +
  "x14owk95hkksv82mEOg0Ho1odTGOfvICIQD94o6xfMLXveG+hGS5Rs4ZsOOeVxkPB5cNDiT2vfGykw==";
// The same key, and no alternative names.
const kPlain =
  "MIIBuzCCAWGgAwIBAgIUFF973MoKrF7Oi+2kFowwemXm4vgwCgYIKoZIzj0EAwIwMzESMBAGA1UEAwwJaG9zdC50ZXN0MR0wGwYJKoZIhvcNAQkBFg5tZUBleGFtcGxlLm" +
  "NvbTAeFw0yNjExMjcwOTQwNTNaFw0yNjEyMDcwOTQwNTNaMDMxEjAQBgNVBAMMCWhvc3QudGVzdDEdMBsGCSqGSIb3DQEJARYObWVAZXhhbXBsZS5jb20wWTATBgcqhkjO" +
  "PQIBBggqhkjOPQMBBwNCAATq8vKaJJel0FyWMj8/mw3YbmpPOEpblvdJXJgihUsNI6MPQINQosI83rwQtt/fu4V7iRjiA0skcXfvF2oeFCPSo1MwUTAdBgNVHQ4EFgQUv0" +
  "FDy9JOe70VwkvVOeKv/qLDcgAwHwYDVR0jBBgwFoAUv0FDy9JOe70VwkvVOeKv/qLDcgAwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAhIeZn/pzXJPI" +
  "7gM2uuyow7VbMPyHs1SKrG7OeUyQNjUCIFB1WECznBdBJCDgqAGOxrIfMDsSuMQzLm9jzBoSitrs";

export const certificates = {
  test() {
    const x509 = new crypto.X509Certificate(Buffer.from(kCertificate, "base64"));
    assert.strictEqual(x509.subject, "C=US\nO=A\\, B\nO=second\nCN=host.test\nemailAddress=Me@Example.com");
    assert.strictEqual(
      x509.subjectAltName,
      'DNS:a.example.com, DNS:*.b.example.com, URI:"http://x/a\\u002cb", IP Address:127.0.0.1, DirName:"O=x\\\\\\u002c y\\u002cC=US"',
    );
    assert.deepStrictEqual([x509.infoAccess, x509.keyUsage, x509.serialNumber, x509.ca], ["OCSP - URI:http://o/\n", ["1.3.6.1.5.5.7.3.1"], "0A", true]);
    assert.ok(x509.checkIssued(x509) && x509.verify(x509.publicKey));
    assert.strictEqual(new crypto.X509Certificate(x509.toString()).fingerprint256, x509.fingerprint256);
    const { subject, infoAccess, bits, nistCurve } = x509.toLegacyObject();
    assert.deepStrictEqual(
      [{ ...subject }, infoAccess, bits, nistCurve],
      [{ C: "US", O: ["A, B", "second"], CN: "host.test", emailAddress: "Me@Example.com" }, { "OCSP - URI": ["http://o/"] }, 256, "P-256"],
    );
    const hosts = ["A.example.com", "x.b.example.com", "x.y.b.example.com", ".b.example.com", "host.test"];
    assert.deepStrictEqual(hosts.map((host) => x509.checkHost(host)), ["a.example.com", "*.b.example.com", undefined, undefined, undefined]);
    assert.strictEqual(x509.checkHost("x.b.example.com", { wildcards: false }), undefined);
    assert.deepStrictEqual([x509.checkIP("127.0.0.1"), x509.checkIP("::1")], ["127.0.0.1", undefined]);
    assert.strictEqual(thrown(() => x509.checkIP("[::]")), "Error  Invalid IP");
    assert.strictEqual(thrown(() => x509.checkHost("a\0")), "Error  Invalid name");
    assert.throws(() => new crypto.X509Certificate("nothing"), { code: "ERR_INVALID_ARG_VALUE" });
    const plain = new crypto.X509Certificate(Buffer.from(kPlain, "base64"));
    assert.deepStrictEqual([plain.checkHost("HOST.test"), plain.checkHost("host.test", { subject: "never" })], ["host.test", undefined]);
    assert.deepStrictEqual([plain.checkEmail("me@EXAMPLE.com"), plain.checkEmail("Me@example.com")], ["me@EXAMPLE.com", undefined]);
    assert.ok(!plain.checkIssued(x509) && plain.verify(x509.publicKey));
    const { privateKey } = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
    assert.strictEqual(plain.checkPrivateKey(privateKey), false);
  },
};

export const signedChallenges = {
  test() {
    const spkac =
      "MIG6MGIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATq8vKaJJel0FyWMj8/mw3YbmpPOEpblvdJXJgihUsNI6MPQINQosI83rwQtt/fu4V7iRjiA0skcXfvF2oeFCPSFg" +
      "VoZWxsbzAKBggqhkjOPQQDAgNIADBFAiEAmiSA1NV+2Wtz19XQuM46xK+vk6nste+cvu2GmS2VsvYCIDnZQjyiIqxVHm+NP47hFReKbQzD9BDj+LtMVmF1aBxF";
    const { Certificate } = crypto;
    assert.ok(Certificate() instanceof Certificate);
    assert.strictEqual(Certificate.verifySpkac(spkac), true);
    assert.strictEqual(Certificate.verifySpkac(spkac.replace(/.{4}==?$|.{8}$/, "AAAAAAA=")), false);
    assert.strictEqual(new Certificate().exportChallenge(Buffer.from(`${spkac}\n`)).toString(), "hello");
    const key = crypto.createPublicKey(Certificate.exportPublicKey(spkac));
    assert.ok(key.equals(new crypto.X509Certificate(Buffer.from(kCertificate, "base64")).publicKey));
    assert.strictEqual(Certificate.exportPublicKey("nothing").length, 0);
  },
};

export const dsaKeys = {
  test() {
    const text =
      "MIIBWwIBADCCATQGByqGSM44BAEwggEnAoGBAMzEvmz0Ke+AL4HdYudD+2ni79c7tMIGhhYKMgyMeDNHYoJCELrd76zHPFzY15pZXr+pqjUJCwJl4zljJ8otaIgvKZe/GU" +
      "G8jQB9tJstl9rsk9g0MPe9dcC233JB9eGZO+PloeNKyJ0DRb63AfvyKAwp2bNMwvk7Zjum8JjisravAh0AoQHDKFZXp+yxdzLaxIrRazieb0Dr9nRLAFNmwQKBgQCwYRMl" +
      "o80cO2JN8/8BKo5BDN1BCVJE3zgmNsY3GvcEJvJJ2DsIaOwnPEmF2Msb4zLDegtv2nUPEip5J2uWx2l3YhD/3Z4BvNy545i/t36OujPNZhu4Qe17lVm1B+w0F1K4R75gmB" +
      "I9xzEIwxIkVMfkEtjHUespijySlF5fj9QErAQeAhwNv+Mbe9ab4VIHfxgLEPUeAeedd/vgm84qRiCs";
    const key = crypto.createPrivateKey({ key: Buffer.from(text, "base64"), format: "der", type: "pkcs8" });
    assert.deepStrictEqual([key.asymmetricKeyType, key.asymmetricKeyDetails.modulusLength, key.asymmetricKeyDetails.divisorLength], ["dsa", 1024, 224]);
    assert.strictEqual(key.export({ format: "der", type: "pkcs8" }).toString("base64"), text);
    const spki = crypto.createPublicKey(key).export({ format: "pem", type: "spki" });
    assert.ok(crypto.createPublicKey(spki).equals(crypto.createPublicKey(key)));
    const sealed = key.export({ format: "pem", type: "pkcs8", cipher: "aes-128-cbc", passphrase: "p" });
    assert.ok(key.equals(crypto.createPrivateKey({ key: sealed, passphrase: "p" })));
    assert.strictEqual(thrown(() => crypto.sign("sha1", data, key)), "Error  Signing with DSA keys is not currently supported");
    const broken = Buffer.from(text, "base64");
    broken.fill(0xff, broken.length - 29);
    assert.strictEqual(thrown(() => crypto.createPrivateKey({ key: broken, format: "der", type: "pkcs8" })), "Error  Failed to parse private key");
  },
};

export const keysOf448Bits = {
  test() {
    const key = Buffer.from("MEcCAQAwBQYDK2VxBDsEOZzLKrrOTYhgjfmMAscftO3UMihzfN24QO9K9KUm+tZlCpPM/GdaZxXv67CPq0eOjzFZK2Yk/8kVZA==", "base64");
    assert.strictEqual(thrown(() => crypto.createPrivateKey({ key, format: "der", type: "pkcs8" })), "Error  Failed to parse private key");
  },
};
