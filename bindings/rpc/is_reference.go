package rpc

// IsReference says whether a message is nothing but an object that [References] carries: a stub, a service, a stream.
func IsReference(data []byte) bool {
	// The header is 0xFF and a version, a byte each; '\\' begins a host object.
	return len(data) > 3 && data[0] == 0xFF && data[2] == '\\' && data[3] >= 64 && data[3] < 72
}
