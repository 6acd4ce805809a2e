// Package loadertest runs tests that are workers: every export with a handler `test` is one.
//
//	export const adds = {
//		async test(controller, env, ctx) {
//			assert.strictEqual(1 + 1, 2);
//		},
//	};
//
// It has passed when it returns, its promise and those given to ctx.waitUntil are fulfilled. A fixture is a configuration of the open reference runtime,
// a `.wd-test` file, whose tests run one after the other, as that runtime's `test` command runs them:
//
//	result := loadertest.Run(ctx, "greeting.wd-test", loadertest.Options{})
//	if result.Failed() { … }
//
// What a fixture asks for and dynos does not have makes it skipped, with the reason; it never counts as passed.
package loadertest
