"""Unmanaged models: fields and labels are Django's, objects are read by a `Store` and changed by services."""

from typing import Any, ClassVar, NoReturn, Self

from django.db import models

from apps.dynamo_admin.errors import UnsupportedQuery
from apps.dynamo_admin.querysets import DynamoManager
from apps.dynamo_admin.stores import Attributes, Store


class DynamoModel(models.Model):
    """Base of models of the admin. A subclass has fields as any model has, a `store` that reads its objects, and no
    table.
    """

    store: ClassVar[Store]
    objects = DynamoManager()

    class Meta:
        abstract = True
        managed = False
        base_manager_name = "objects"

    def save(self, *_args: Any, **_options: Any) -> NoReturn:
        raise UnsupportedQuery("objects are changed by services")

    @classmethod
    def from_attributes(cls, attributes: Attributes) -> Self:
        """Make an object of what the store has loaded; `record` is what else it put under that name."""
        fields = cls._meta.concrete_fields
        values = [attributes.get(field.attname, field.get_default()) for field in fields]
        made = cls.from_db("default", [field.attname for field in fields], values)
        made.record = attributes.get("record")
        return made

    record: Any = None
    # The type under which the audit log knows objects of this model; the name of the model where it is not set.
    audit_target: ClassVar[str] = ""

    @property
    def audited_as(self) -> tuple[str, str]:
        """Return type and id under which the audit log knows this object."""
        return self.audit_target or str(self._meta.model_name), str(self.pk)

    def refresh_from_db(self, *_args: Any, **_options: Any) -> None:
        self.__dict__.update(type(self).objects.get(pk=self.pk).__dict__)

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        raise UnsupportedQuery("objects are deleted by services")


class VersionedModel(DynamoModel):
    """A model whose objects change: forms and confirmations carry the version that was seen, and refuse another."""

    version = models.IntegerField(null=True, editable=False)

    class Meta(DynamoModel.Meta):
        abstract = True
