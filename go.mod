module github.com/dynos-run/dynos

go 1.26.0

require rogchap.com/v8go v0.9.0

require (
	github.com/andybalholm/brotli v1.2.8 // indirect
	github.com/klauspost/compress v1.20.4 // indirect
	github.com/tommie/v8go/deps/linux_amd64 v0.0.0-20250515043113-5dcc98077472 // indirect
	go.uber.org/goleak v1.3.0 // indirect
	golang.org/x/net v0.62.0 // indirect
)

replace rogchap.com/v8go => github.com/tommie/v8go v0.34.0
