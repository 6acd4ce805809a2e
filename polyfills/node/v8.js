"use strict";
// node:v8: statistics that are all zero, and functions that fail. https://nodejs.org/docs/latest-v22.x/api/v8.html

const errors = require.lazy("node/internal_errors");
const { fail, stub, stubMethods } = require("node/internal_stubs");
const { validateBoolean, validateFunction, validateInteger, validateObject, validateOneOf, validateString } = require("node/internal_validators");

const kMaxUint32 = 4294967295;

function checkSnapshotOptions(options) {
  validateObject(options, "options");
  const { exposeInternals = false, exposeNumericValues = false } = options;
  validateBoolean(exposeInternals, "options.exposeInternals");
  validateBoolean(exposeNumericValues, "options.exposeNumericValues");
}

function writeHeapSnapshot(filename, options = {}) {
  if (filename !== undefined) validateString(filename, "filename");
  checkSnapshotOptions(options);
  fail("writeHeapSnapshot");
}

function getHeapSnapshot(options = {}) {
  checkSnapshotOptions(options);
  fail("getHeapSnapshot");
}

function setFlagsFromString(flags) {
  validateString(flags, "flags");
  fail("setFlagsFromString");
}

function isStringOneByteRepresentation(content) {
  validateString(content, "content");
  fail("isStringOneByteRepresentation");
}

function setHeapSnapshotNearHeapLimit(limit) {
  validateInteger(limit, "limit", 1, kMaxUint32);
  fail("setHeapSnapshotNearHeapLimit");
}

function queryObjects(ctor, options = {}) {
  validateFunction(ctor, "constructor");
  validateObject(options, "options");
  const format = options.format || "count";
  if (format !== "count" && format !== "summary") throw new (errors().ERR_INVALID_ARG_VALUE)("options.format", format);
  fail("queryObjects");
}

function cachedDataVersionTag() {
  return 0;
}

function getHeapStatistics() {
  return {
    total_heap_size: 0,
    total_heap_size_executable: 0,
    total_physical_size: 0,
    total_available_size: 0,
    used_heap_size: 0,
    heap_size_limit: 0,
    malloced_memory: 0,
    peak_malloced_memory: 0,
    does_zap_garbage: 0,
    number_of_native_contexts: 0,
    number_of_detached_contexts: 0,
    total_global_handles_size: 0,
    used_global_handles_size: 0,
    external_memory: 0,
    total_allocated_bytes: 0,
  };
}

function getHeapSpaceStatistics() {
  return [];
}

function getHeapCodeStatistics() {
  return { code_and_metadata_size: 0, bytecode_and_metadata_size: 0, external_script_source_size: 0, cpu_profiler_metadata_size: 0 };
}

function getCppHeapStatistics(type = "detailed") {
  validateOneOf(type, "type", ["brief", "detailed"]);
  return { committed_size_bytes: 0, resident_size_bytes: 0, used_size_bytes: 0, space_statistics: [], type_names: [], detail_level: type };
}

class Serializer {
  constructor() {
    fail("Serializer");
  }
}
stubMethods(Serializer.prototype, "", {
  writeHeader: 0,
  writeValue: 1,
  releaseBuffer: 0,
  transferArrayBuffer: 2,
  writeUint32: 1,
  writeUint64: 2,
  writeDouble: 1,
  writeRawBytes: 1,
  _getDataCloneError: 1,
  _getSharedArrayBufferId: 1,
  _setTreatArrayBufferViewsAsHostObjects: 1,
  _writeHostObject: 1,
});

class Deserializer {
  constructor(buffer) {
    fail("Deserializer");
  }
}
stubMethods(Deserializer.prototype, "", {
  readHeader: 0,
  readValue: 0,
  transferArrayBuffer: 2,
  getWireFormatVersion: 0,
  readUint32: 0,
  readUint64: 0,
  readDouble: 0,
  readRawBytes: 1,
  _readHostObject: 0,
});

class DefaultSerializer extends Serializer {}

class DefaultDeserializer extends Deserializer {
  constructor(buffer) {
    super(buffer);
  }
}

class GCProfiler {}
stubMethods(GCProfiler.prototype, "GCProfiler.", { start: 0, stop: 0 });

const promiseHooks = {
  createHook: stub("createHook", "promiseHooks.createHook", 1),
  onInit: stub("onInit", "promiseHooks.onInit", 1),
  onBefore: stub("onBefore", "promiseHooks.onBefore", 1),
  onAfter: stub("onAfter", "promiseHooks.onAfter", 1),
  onSettled: stub("onSettled", "promiseHooks.onSettled", 1),
};

const startupSnapshot = {
  addSerializeCallback: stub("addSerializeCallback", "startupSnapshot.addSerializeCallback", 2),
  addDeserializeCallback: stub("addDeserializeCallback", "startupSnapshot.addDeserializeCallback", 2),
  setDeserializeMainFunction: stub("setDeserializeMainFunction", "startupSnapshot.setDeserializeMainFunction", 2),
  isBuildingSnapshot() {
    return false;
  },
};

module.exports = {
  DefaultDeserializer,
  DefaultSerializer,
  Deserializer,
  GCProfiler,
  Serializer,
  cachedDataVersionTag,
  deserialize: stub("deserialize", "deserialize", 1),
  getCppHeapStatistics,
  getHeapCodeStatistics,
  getHeapSnapshot,
  getHeapSpaceStatistics,
  getHeapStatistics,
  isStringOneByteRepresentation,
  promiseHooks,
  queryObjects,
  serialize: stub("serialize", "serialize", 1),
  setFlagsFromString,
  setHeapSnapshotNearHeapLimit,
  startupSnapshot,
  stopCoverage: stub("stopCoverage", "stopCoverage"),
  takeCoverage: stub("takeCoverage", "takeCoverage"),
  writeHeapSnapshot,
};
