package hostops

import (
	"encoding"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"sync"

	"github.com/dynos-run/dynos/isolate/ops"
)

// nvmeTable is that of CRC-64/NVME, whose polynomial is here reversed.
var nvmeTable = sync.OnceValue(func() *crc64.Table { return crc64.MakeTable(0x9a6c9329ac4bc9b5) })

// digestOf returns the running digest that state describes: none yet if it is empty. Names are those of DigestStream.
func digestOf(name, state []byte) (hash.Hash, error) {
	var d hash.Hash
	switch string(name) {
	case "CRC32":
		d = crc32.NewIEEE()
	case "CRC32C":
		d = crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case "CRC64NVME":
		d = crc64.New(nvmeTable())
	default:
		h := hashOf(name)
		if h == 0 {
			return nil, errUnknownDigest
		}
		d = h.New()
	}
	if len(state) == 0 {
		return d, nil
	}
	if err := d.(encoding.BinaryUnmarshaler).UnmarshalBinary(state); err != nil {
		return nil, NewOpError(classOperation, "malformed digest state", err)
	}
	return d, nil
}

// digestUpdate takes an algorithm, a state and data, and gives the state after them.
func digestUpdate(_ *Keys, a *ops.Reader) (any, error) {
	d, err := digestOf(a.UTF8(), a.Bytes())
	if err != nil {
		return nil, err
	}
	d.Write(a.Bytes())
	state, err := d.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return nil, NewOpError(classOperation, "malformed digest state", err)
	}
	return state, nil
}

// digestFinal takes an algorithm and a state, and gives the digest.
func digestFinal(_ *Keys, a *ops.Reader) (any, error) {
	d, err := digestOf(a.UTF8(), a.Bytes())
	if err != nil {
		return nil, err
	}
	return d.Sum(nil), nil
}
