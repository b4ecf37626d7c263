"""The JSON of people and of signing in."""

from rest_framework import serializers

from accounts.models import User


class LoginSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """A name (or email) and its password."""

    login = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)


class RefreshSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """A token that is good for a new pair and for nothing else."""

    refresh_token = serializers.CharField()


class TokenPairSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """What signing in gives."""

    access_token = serializers.CharField()
    refresh_token = serializers.CharField()


class PersonSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]  # not generic at run time
    """A person as others learn of them."""

    class Meta:
        model = User
        fields = ("id", "name", "telegram_chat_id")


class PersonChangeSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """What can be said about a person; what is absent stays. The model judges names."""

    name = serializers.CharField(max_length=100, required=False)
    password = serializers.CharField(
        max_length=1024, required=False, trim_whitespace=False, write_only=True
    )
    telegram_chat_id = serializers.CharField(
        max_length=64, required=False, allow_null=True, allow_blank=True
    )


class NewPersonSerializer(PersonChangeSerializer):
    """A person who signs in by name and password."""

    name = serializers.CharField(max_length=100)
    password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)


class MessageSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """A sentence."""

    message = serializers.CharField()


class RefusalSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """Why nothing was done."""

    detail = serializers.CharField()


class FieldProblemSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """One field that is missing or wrong: where, what, and a word for programs."""

    loc = serializers.ListField(child=serializers.CharField())
    msg = serializers.CharField()
    type = serializers.CharField()


class InvalidSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """Every field that is missing or wrong."""

    detail = FieldProblemSerializer(many=True)
