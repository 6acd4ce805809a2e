package ops

// A MessageKind says what the host tells a realm; the values are indices into the handler table of core/dispatch.
type MessageKind uint16

// Messages from the host to a realm. The comment shows the arguments after the context id.
const (
	// MessageLoad installs and evaluates the worker's modules; the engine itself reads it.
	// (main string, eval while modules run bool, eval always bool, URL names bool, modules [name, kind, source, ...],
	// named exports of CommonJS modules [module, export, ...]). The kind of a module of an extension has one more bit.
	MessageLoad MessageKind = iota
	// MessageConfigure comes before MessageLoad. (config JSON string, env bytes | null, env capabilities)
	MessageConfigure
	// MessageComplete settles an async op. (promise id, true, value) or (promise id, false, class, message, error bytes | null | undefined,
	// true if it has reset a Durable Object)
	MessageComplete
	// MessageTimer fires a timer. (timer id)
	MessageTimer
	// MessageFetch starts a request. (entrypoint, props bytes | null, props capabilities, method, url, packed headers, body, body length, cf JSON | null)
	MessageFetch
	// MessageRPC calls a method or reads a property. The target is an entrypoint, of a new context; the number of an object that the
	// context exports; less than zero, the answer of another call of it; or zero, the Durable Object whose context it is.
	// (call id, target string | number, props bytes | null, props capabilities, path array, args bytes | null, args capabilities)
	MessageRPC
	// MessageCancel says that the caller has gone: signals fire; MessageEnd follows. (name, message)
	MessageCancel
	// MessageStreamPull asks for the next chunk of an exported stream. (sid)
	MessageStreamPull
	// MessageStreamCancel drops an exported stream. (sid, name, message, reason bytes | null)
	MessageStreamCancel
	// MessageWake has no handler: it only enters the realm, so that V8's own tasks run.
	MessageWake
	// MessageLoaderCode asks for the code of a dynamic worker. (worker number)
	MessageLoaderCode
	// MessageRelease says that an exported object is referred to less often: of the times that it was sent, count are over.
	// (export, count)
	MessageRelease
	// MessageSessionEnd says that the caller of an RPC context has gone, and with it all that it sent along. ()
	MessageSessionEnd
	// MessageCallGone says that nobody waits for the answer of an RPC any more. (call id)
	MessageCallGone
	// MessageEnd follows what may leave a context without a reason to go on, when the microtasks that it caused have run; op_end
	// answers. (what is left of it: 0 what its answers hold, 1 waitUntil promises, 2 nothing: it has ended, and there is no answer)
	MessageEnd
	// MessageHung says that the event, for which passThroughOnException was called, will never have an answer. (class, message)
	MessageHung
	// MessageTail gives an entrypoint the trace of another worker's event. (entrypoint, props bytes | null, props capabilities, outcome,
	// script name | null, entrypoint of it | null, start, wall time, truncated, logs JSON, exceptions JSON, event), an event being
	// ["fetch", method, url, packed headers, cf JSON | null, status], ["rpc", method], ["scheduled", time, cron], ["queue", queue, size] or ["tail", script name | null]
	MessageTail
	// MessageTest runs a test handler. (entrypoint)
	MessageTest
	// MessageWebSocketMessage brings a message. (socket, text string | bytes)
	MessageWebSocketMessage
	// MessageWebSocketClose brings a Close frame. (socket, code, reason)
	MessageWebSocketClose
	// MessageWebSocketEnd says, after all messages, that a WebSocket has no other end any more. The class is empty for a mere
	// disconnect. (socket, whether messages that were sent are lost, class, message)
	MessageWebSocketEnd
	// MessageWebSocketGone says so at once, for a WebSocket that is not accepted. (socket)
	MessageWebSocketGone
	// MessageConnect opens a TCP connection. (entrypoint, props bytes | null, props capabilities, address, body)
	MessageConnect
	// MessageObjectStart makes a Durable Object, whose context lives as long as it does. (class, id, name | null, props bytes | null,
	// props capabilities, whether it has SQL, how many objects it is within, whether the id is any text)
	MessageObjectStart
	// MessageObjectFetch starts a request to it. (event, method, url, packed headers, body, body length, cf JSON | null)
	MessageObjectFetch
	// MessageObjectCancel says that the caller of an event has gone. (event, name, message)
	MessageObjectCancel
	// MessageObjectResume delivers the first of the messages that the object has put off. ()
	MessageObjectResume
	// MessageObjectAlarm runs the handler `alarm`. (event, when it was due in milliseconds since 1970, number of retries, whether it is given up
	// if it fails)
	MessageObjectAlarm
	// MessageObjectSocket brings an event of a hibernatable WebSocket. (event, socket, 0, text | bytes), (event, socket, 1, code, reason, whether
	// there was a Close frame) or (event, socket, 2, class, message)
	MessageObjectSocket
	// MessageEvent is for a handler of another kind of event. (entrypoint, props bytes | null, props capabilities, kind, payload bytes); the
	// answer comes as the body of op_respond, with status 500 if it has failed.
	MessageEvent
	// MessageTailStream tells a tailStream handler that another worker's event begins. (entrypoint, props bytes | null, props capabilities,
	// invocation id, trace id, span id, span id of the caller | null, time, entrypoint of it | null, event as of MessageTail or ["custom"])
	MessageTailStream
	// MessageTailStreamEvent tells it what happens then. (kind, span id, time, sequence number, JSON)
	MessageTailStreamEvent
	// MessageFacetBroken says that a facet of the object has broken. (number, class, message, detail bytes | null | undefined | [bytes | null], true
	// if it has been reset)
	MessageFacetBroken
	// MessageObjectTail brings the object a trace of another worker's event, of which it is a tail. (event, trace as of MessageTail)
	MessageObjectTail
)

// A ModuleKind says how a module's source is read.
type ModuleKind uint8

// Kinds of modules.
const (
	// ModuleES is an ECMAScript module.
	ModuleES ModuleKind = iota
	// ModuleCommonJS is a CommonJS module; importing it gives module.exports as default.
	ModuleCommonJS
	// ModuleText gives its source as a string.
	ModuleText
	// ModuleData gives its bytes as an ArrayBuffer.
	ModuleData
	// ModuleJSON gives the parsed value.
	ModuleJSON
	// ModuleWasm gives a WebAssembly.Module.
	ModuleWasm
	// ModuleScript is a classic script, which takes the place of the main module and cannot be imported.
	ModuleScript
)

// Bits of the kind of a module that belongs to an extension. Every module can import the first, only extensions can the other.
const (
	ExtensionModule         = 1 << 8
	InternalExtensionModule = 1 << 9
)
