"use strict";
// The lines of an event stream. https://html.spec.whatwg.org/#event-stream-interpretation

const { Number, RegExpPrototypeExec, StringPrototypeIncludes, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeStartsWith } = primordials;

const kDigits = /^[0-9]+$/;

/** Takes the stream chunk by chunk; what is in it goes to `sink`: message(type, data), retry(milliseconds). */
class EventStreamParser {
  /** What the last `id` line says. */
  lastEventId;
  #sink;
  #decoder = require("web/encoding_decoders").makeDecoder("utf-8");
  /** The beginning of a line. */
  #rest = "";
  #begun = false;
  /** Whether the chunk before ended with CR, so that a LF here belongs to it. */
  #afterCR = false;
  #data;
  #type = "";

  constructor(sink, lastEventId) {
    this.#sink = sink;
    this.lastEventId = lastEventId;
  }

  /** Reads one chunk of bytes. */
  feed(bytes) {
    let text = this.#decoder.decode(bytes, false, false);
    if (text === "") return;
    if (!this.#begun) {
      this.#begun = true;
      if (StringPrototypeStartsWith(text, "\ufeff")) text = StringPrototypeSlice(text, 1);
    }
    let start = this.#afterCR && text[0] === "\n" ? 1 : 0;
    this.#afterCR = false;
    let lf = StringPrototypeIndexOf(text, "\n", start);
    let cr = StringPrototypeIndexOf(text, "\r", start);
    while (lf >= 0 || cr >= 0) {
      const isCR = cr >= 0 && (lf < 0 || cr < lf);
      const end = isCR ? cr : lf;
      const line = this.#rest + StringPrototypeSlice(text, start, end);
      this.#rest = "";
      start = end + 1;
      if (isCR) {
        if (start === text.length) this.#afterCR = true;
        else if (start === lf) start++;
        cr = StringPrototypeIndexOf(text, "\r", start);
      }
      if (lf >= 0 && lf < start) lf = StringPrototypeIndexOf(text, "\n", start);
      this.#line(line);
    }
    this.#rest += StringPrototypeSlice(text, start);
  }

  #line(line) {
    if (line === "") {
      this.#endEvent();
      return;
    }
    const colon = StringPrototypeIndexOf(line, ":");
    if (colon === 0) return;
    if (colon < 0) {
      this.#field(line, "");
      return;
    }
    const start = line[colon + 1] === " " ? colon + 2 : colon + 1;
    this.#field(StringPrototypeSlice(line, 0, colon), StringPrototypeSlice(line, start));
  }

  #field(name, value) {
    if (name === "data") this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    else if (name === "event") this.#type = value;
    else if (name === "id" && !StringPrototypeIncludes(value, "\0")) this.lastEventId = value;
    else if (name === "retry" && RegExpPrototypeExec(kDigits, value) !== null) this.#sink.retry(Number(value));
  }

  // As on the reference runtime, an event whose data is empty is none.
  #endEvent() {
    const data = this.#data;
    const type = this.#type;
    this.#data = undefined;
    this.#type = "";
    if (data !== undefined && data !== "") this.#sink.message(type === "" ? "message" : type, data);
  }
}

module.exports = { EventStreamParser };
