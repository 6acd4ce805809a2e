"use strict";
// node:punycode, RFC 3492. https://nodejs.org/docs/latest-v22.x/api/punycode.html

const {
  ArrayPrototypeJoin,
  ArrayPrototypeSplice,
  MathFloor,
  RangeError,
  RegExpPrototypeExec,
  StringFromCharCode,
  StringFromCodePoint,
  StringPrototypeCharCodeAt,
  StringPrototypeCodePointAt,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  StringPrototypeToLowerCase,
} = primordials;

const kMaxInt = 2147483647;
// Parameters of section 5.
const kBase = 36;
const kTMin = 1;
const kTMax = 26;
const kSkew = 38;
const kDamp = 700;
const kInitialBias = 72;
const kInitialN = 128;

const kNonASCII = /[^\0-\x7F]/;
const kDots = /[.\u3002\uFF0E\uFF61]/;

function overflow() {
  return new RangeError("Overflow: input needs wider integers to process");
}

// Section 6.1.
function adapt(delta, points, first) {
  let k = 0;
  delta = first ? MathFloor(delta / kDamp) : delta >> 1;
  delta += MathFloor(delta / points);
  for (; delta > ((kBase - kTMin) * kTMax) >> 1; k += kBase) delta = MathFloor(delta / (kBase - kTMin));
  return MathFloor(k + ((kBase - kTMin + 1) * delta) / (delta + kSkew));
}

function threshold(k, bias) {
  return k <= bias ? kTMin : k >= bias + kTMax ? kTMax : k - bias;
}

// The value of a digit, or kBase for what is none.
function digitOf(code) {
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 26;
  if (code >= 0x41 && code <= 0x5a) return code - 0x41;
  return code >= 0x61 && code <= 0x7a ? code - 0x61 : kBase;
}

function letterOf(digit) {
  return StringFromCharCode(digit < 26 ? digit + 0x61 : digit - 26 + 0x30);
}

function fromPoints(points) {
  let text = "";
  for (let i = 0; i < points.length; i++) text += StringFromCodePoint(points[i]);
  return text;
}

/** The code points of a string; surrogates without partner stand for themselves. */
function ucs2decode(string) {
  const points = [];
  for (let i = 0; i < string.length; i++) {
    const point = StringPrototypeCodePointAt(string, i);
    if (point > 0xffff) i++;
    points[points.length] = point;
  }
  return points;
}

function ucs2encode(codePoints) {
  return fromPoints(codePoints);
}

// The letters before the last hyphen stand for themselves.
function basicPoints(input) {
  const points = [];
  let end = input.length;
  while (end > 0 && input[end - 1] !== "-") end--;
  for (let i = 0; i + 1 < end; i++) {
    const code = StringPrototypeCharCodeAt(input, i);
    if (code >= 0x80) throw new RangeError("Illegal input >= 0x80 (not a basic code point)");
    points[i] = code;
  }
  return points;
}

// Section 6.2.
function decode(input) {
  const points = basicPoints(input);
  let n = kInitialN;
  let i = 0;
  let bias = kInitialBias;
  let at = points.length > 0 ? points.length + 1 : 0;
  while (at < input.length) {
    const before = i;
    for (let w = 1, k = kBase; ; k += kBase) {
      const digit = at < input.length ? digitOf(StringPrototypeCharCodeAt(input, at++)) : kBase;
      if (digit >= kBase) throw new RangeError("Invalid input");
      if (digit > MathFloor((kMaxInt - i) / w)) throw overflow();
      i += digit * w;
      const t = threshold(k, bias);
      if (digit < t) break;
      if (w > MathFloor(kMaxInt / (kBase - t))) throw overflow();
      w *= kBase - t;
    }
    const count = points.length + 1;
    bias = adapt(i - before, count, before === 0);
    if (MathFloor(i / count) > kMaxInt - n) throw overflow();
    n += MathFloor(i / count);
    i %= count;
    ArrayPrototypeSplice(points, i++, 0, n);
  }
  return fromPoints(points);
}

function nextPoint(points, n) {
  let next = kMaxInt;
  for (let i = 0; i < points.length; i++) if (points[i] >= n && points[i] < next) next = points[i];
  return next;
}

// A number as digits of varying base.
function encodeDelta(delta, bias) {
  let text = "";
  for (let k = kBase; ; k += kBase) {
    const t = threshold(k, bias);
    if (delta < t) return text + letterOf(delta);
    text += letterOf(t + ((delta - t) % (kBase - t)));
    delta = MathFloor((delta - t) / (kBase - t));
  }
}

// Section 6.3.
function encode(input) {
  const points = ucs2decode(input);
  let output = "";
  for (let i = 0; i < points.length; i++) if (points[i] < 0x80) output += StringFromCharCode(points[i]);
  const basic = output.length;
  if (basic > 0) output += "-";
  let n = kInitialN;
  let delta = 0;
  let bias = kInitialBias;
  for (let done = basic; done < points.length; delta++, n++) {
    const next = nextPoint(points, n);
    if (next - n > MathFloor((kMaxInt - delta) / (done + 1))) throw overflow();
    delta += (next - n) * (done + 1);
    n = next;
    for (let i = 0; i < points.length; i++) {
      if (points[i] < n && ++delta > kMaxInt) throw overflow();
      if (points[i] !== n) continue;
      output += encodeDelta(delta, bias);
      bias = adapt(delta, done + 1, done === basic);
      delta = 0;
      done++;
    }
  }
  return output;
}

// Converts each label of a domain, or of what follows the at sign of an address.
function mapDomain(domain, convert) {
  const parts = domain.split("@");
  const address = parts.length > 1;
  const labels = (address ? parts[1] : domain).split(kDots);
  for (let i = 0; i < labels.length; i++) labels[i] = convert(labels[i]);
  return `${address ? `${parts[0]}@` : ""}${ArrayPrototypeJoin(labels, ".")}`;
}

function toUnicode(input) {
  return mapDomain(input, (label) => (StringPrototypeStartsWith(label, "xn--") ? decode(StringPrototypeToLowerCase(StringPrototypeSlice(label, 4))) : label));
}

function toASCII(input) {
  return mapDomain(input, (label) => (RegExpPrototypeExec(kNonASCII, label) === null ? label : `xn--${encode(label)}`));
}

module.exports = { decode, encode, toASCII, toUnicode, ucs2: { decode: ucs2decode, encode: ucs2encode }, version: "2.1.0" };
