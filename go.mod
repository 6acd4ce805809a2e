module github.com/dynos-run/dynos

go 1.26

require (
	github.com/tommie/v8go/deps/linux_amd64 v0.0.0-20250515043113-5dcc98077472 // indirect
	rogchap.com/v8go v0.9.0
)

replace rogchap.com/v8go => github.com/tommie/v8go v0.34.0
