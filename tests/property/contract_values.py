"""Any value of the contracts, drawn from the descriptors themselves."""

from functools import cache

from google.protobuf.descriptor import FieldDescriptor
from hypothesis import strategies as st

from contracts import values
from contracts.v1.convert import MESSAGES

TOP_LEVEL = (
    values.Event,
    values.Action,
    values.Decision,
    values.DecisionBatch,
    values.LedgerCommand,
)
KINDS = tuple(MESSAGES)

SCALARS = {
    FieldDescriptor.TYPE_STRING: st.text(max_size=12),
    FieldDescriptor.TYPE_BYTES: st.binary(max_size=12),
    FieldDescriptor.TYPE_BOOL: st.booleans(),
    FieldDescriptor.TYPE_DOUBLE: st.floats(allow_nan=False, allow_infinity=False),
    FieldDescriptor.TYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_UINT64: st.integers(0, 2**64 - 1),
    FieldDescriptor.TYPE_UINT32: st.integers(0, 2**32 - 1),
}


def descriptor(kind):
    return MESSAGES[kind][0].DESCRIPTOR


def value_class(named):
    return getattr(values, named.name)


@cache
def any_value(kind):
    """A strategy for values of one type, every field drawn or left at its default."""
    drawn = {
        field.name: attribute(field)
        for field in descriptor(kind).fields
        if field.containing_oneof is None
    }
    for oneof in descriptor(kind).oneofs:
        members = [any_value(value_class(field.message_type)) for field in oneof.fields]
        drawn[oneof.name] = st.none() | st.one_of(members)
    return st.fixed_dictionaries({}, optional=drawn).map(lambda given: kind(**given))


def attribute(field):
    """A strategy for what may stand in one field."""
    if field.message_type:
        one = st.deferred(lambda: any_value(value_class(field.message_type)))
    elif field.enum_type:
        one = st.sampled_from(value_class(field.enum_type))
    else:
        one = SCALARS[field.type]
    if field.is_repeated:
        return st.lists(one, max_size=3).map(tuple)
    return st.none() | one if field.message_type else one
