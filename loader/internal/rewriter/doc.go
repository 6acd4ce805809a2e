// Package rewriter finds, in a stream of HTML, what the handlers of an HTMLRewriter are for.
//
// A [Rewriter] is given the document piece by piece. It follows the tokenizer of the HTML standard, keeps the stack of open elements,
// matches selectors, and answers each piece with a batch of events: elements, runs of text, comments, doctypes and end tags that some
// handler wants, with the range of bytes of each. Whoever drives it runs the handlers and writes the output; what no event covers is
// passed on as it is, byte by byte, so that a document that nobody changes comes out as it went in.
//
// Nothing a handler does changes what comes later in the document, which is why a whole piece can be answered at once.
//
// The markup is not parsed into a tree. As on the platform, tokens decide alone: the names of tags switch the tokenizer between its
// kinds of text, SVG and MathML are followed as far as names tell, end tags close everything up to the element of their name, and
// where a tag leaves open whether what follows is markup, the document is refused (tree.go). Selectors are a part of CSS in which
// everything is known when the start tag is read (selector.go).
//
// A Rewriter is used by one goroutine at a time. What it keeps between pieces is bounded by [MaxMemory], and what all of a realm keep by
// their [Shared]; the tag or comment that is not complete is kept by the caller.
//
// Spec: HTML, "Tokenization", https://html.spec.whatwg.org/multipage/parsing.html#tokenization
package rewriter
