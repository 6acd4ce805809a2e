package loader

import (
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
	"github.com/dynos-run/dynos/loader/internal/legacytext"
)

// textDecode answers op_text_decode.
func textDecode(a *ops.Reader, answer *ops.Batch) {
	name, state, in, flush := a.String(), legacytext.Unpack(uint64(a.Int())), a.Bytes(), a.Bool()
	text, malformed, known := legacytext.Decode(make([]byte, 0, 2*len(in)), name, &state, in, flush)
	if !known || a.Err != nil {
		isolate.CallError(answer, "Error", "malformed arguments")
		return
	}
	isolate.CallResult(answer)
	answer.Array(3)
	answer.StringBytes(text)
	answer.Int(int64(state.Pack()))
	answer.Bool(malformed)
}
