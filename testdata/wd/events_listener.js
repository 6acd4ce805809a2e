addEventListener("scheduled", (event) => {
  const own = Reflect.ownKeys(event).filter((key) => typeof key === "string");
  if (!(event instanceof ScheduledEvent && event instanceof ExtendableEvent) || own.join() !== "cron,scheduledTime,actorState") throw new Error(own.join());
  if (event.cron === "rejects") event.waitUntil(Promise.reject(new Error("rejects")));
  event.noRetry();
});
addEventListener("queue", (event) => {
  if (!(event instanceof ExtendableEvent) || event.type !== "queue") throw new Error(event.type);
  for (const message of event.messages) message.retry({ delaySeconds: 1 });
});
