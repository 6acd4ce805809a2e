package rewriter

import "bytes"

// lowerByte is a letter of ASCII in lower case, any other byte as it is.
func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// appendLower appends src with the letters of ASCII in lower case.
func appendLower(dst, src []byte) []byte {
	for _, c := range src {
		dst = append(dst, lowerByte(c))
	}
	return dst
}

func lowerASCII(s string) string { return string(appendLower(nil, []byte(s))) }

// equalFold compares without regard to the case of letters of ASCII.
func equalFold(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && lowerByte(a[i]) != lowerByte(b[i]) {
			return false
		}
	}
	return true
}

// containsFold says whether a has b in it, without regard to the case of letters of ASCII.
func containsFold(a, b []byte) bool { return bytes.Contains(appendLower(nil, a), appendLower(nil, b)) }
