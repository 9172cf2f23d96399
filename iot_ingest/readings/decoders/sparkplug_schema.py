"""The wire schema of Sparkplug B: our own table of its published field numbers.

From the Sparkplug specification 3.0, chapter 6.4 (Eclipse Foundation); no text of Eclipse Tahu is
copied. Fields we do not read (data sets, templates, properties) are skipped as unknown.
"""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "firstfix.sparkplug"
_TYPE = descriptor_pb2.FieldDescriptorProto
METRIC = {
    "name": (1, _TYPE.TYPE_STRING),
    "alias": (2, _TYPE.TYPE_UINT64),
    "timestamp": (3, _TYPE.TYPE_UINT64),
    "datatype": (4, _TYPE.TYPE_UINT32),
    "is_null": (7, _TYPE.TYPE_BOOL),
    "int_value": (10, _TYPE.TYPE_UINT32),
    "long_value": (11, _TYPE.TYPE_UINT64),
    "float_value": (12, _TYPE.TYPE_FLOAT),
    "double_value": (13, _TYPE.TYPE_DOUBLE),
    "boolean_value": (14, _TYPE.TYPE_BOOL),
    "string_value": (15, _TYPE.TYPE_STRING),
    "bytes_value": (16, _TYPE.TYPE_BYTES),
}
PAYLOAD = {
    "timestamp": (1, _TYPE.TYPE_UINT64),
    "metrics": (2, _TYPE.TYPE_MESSAGE),
    "seq": (3, _TYPE.TYPE_UINT64),
}
VALUES = tuple(name for name in METRIC if name.endswith("_value"))


def _payload_class() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="sparkplug.proto", package=PACKAGE)
    for message_name, fields in (("Metric", METRIC), ("Payload", PAYLOAD)):
        message = file.message_type.add(name=message_name)
        for name, (number, kind) in fields.items():
            is_list = kind == _TYPE.TYPE_MESSAGE
            label = _TYPE.LABEL_REPEATED if is_list else _TYPE.LABEL_OPTIONAL
            field = message.field.add(name=name, number=number, type=kind, label=label)
            if is_list:
                field.type_name = f".{PACKAGE}.Metric"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.Payload"))


Payload: Any = _payload_class()
