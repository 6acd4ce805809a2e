package rpc_test

import (
	"fmt"

	"github.com/dynos-run/dynos/bindings/rpc"
)

// The arguments of a call are one message, and each has a target of its own type.
func ExampleUnmarshal() {
	type item struct {
		Name  string  `json:"name"`
		Price float64 `json:"price"`
	}
	message, err := rpc.Marshal([]any{5, item{"tea", 1.5}, []byte("raw"), nil}, nil)
	if err != nil {
		fmt.Println(err)
	}
	var count int
	var what item
	arguments := []any{&count, &what}
	err = rpc.Unmarshal(message, &arguments, nil)
	fmt.Println(count, what, arguments[2:], err)

	err = rpc.Unmarshal(message, &[]any{&count, &struct{ Price int }{}}, nil)
	fmt.Println(err)
	// Output:
	// 5 {tea 1.5} [[114 97 119] <nil>] <nil>
	// $[1].Price: cannot put the number 1.5 into a Go int
}
