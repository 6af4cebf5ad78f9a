"""The identity stack: the Cognito user pool, and the groups of moderators."""

from troposphere import GetAtt, Output, Ref, Sub, Template
from troposphere.cognito import (
    AccountRecoverySetting,
    AdminCreateUserConfig,
    EmailConfiguration,
    PasswordPolicy,
    Policies,
    RecoveryOption,
    SchemaAttribute,
    TokenValidityUnits,
    UserAttributeUpdateSettings,
    UsernameConfiguration,
    UserPool,
    UserPoolClient,
    UserPoolGroup,
)
from troposphere.secretsmanager import Secret

from deploy import names
from deploy.environments import Environment
from deploy.resources import accepted_findings, pool_firewall

# Checked by the permissions of the API and the admin; tokens contain their names.
GROUPS = {
    "moderators": "Review recipes, posts and reports.",
    "admins": "Moderate, suspend people and change what moderators may do.",
}


def build(env: Environment) -> Template:
    template = Template(Description=f"People and groups of {env.prefix}")
    pool = template.add_resource(_pool(env))
    client = template.add_resource(_client(env, pool))
    for name, description in GROUPS.items():
        template.add_resource(_group(name, description, pool))
    issuer = "https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${Pool}"
    template.add_output(Output("CognitoPoolId", Value=Ref(pool)))
    template.add_output(Output("CognitoPoolArn", Value=GetAtt(pool, "Arn")))
    template.add_output(Output("CognitoClientId", Value=Ref(client)))
    if env.emulated:
        template.add_output(Output("CognitoClientSecret", Value=GetAtt(client, "ClientSecret")))
    else:
        secret = template.add_resource(_secret(env, client))
        template.add_output(Output("CognitoClientSecretArn", Value=Ref(secret)))
        if env.waf:
            pool_firewall.add(template, env, pool)
    template.add_output(Output("CognitoIssuer", Value=Sub(issuer)))
    template.add_output(Output("CognitoJwksUrl", Value=Sub(f"{issuer}/.well-known/jwks.json")))
    return template


def _pool(env: Environment) -> UserPool:
    pool = UserPool(
        "Pool",
        UserPoolName=f"{env.prefix}-people",
        # Lite has everything that is used here, at 0.0055 USD a month per person against 0.015 for Essentials.
        UserPoolTier="LITE",
        AliasAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        UsernameConfiguration=UsernameConfiguration(CaseSensitive=False),
        Schema=[SchemaAttribute(Name="email", AttributeDataType="String", Mutable=True, Required=True)],
        Policies=Policies(PasswordPolicy=_password_policy()),
        MfaConfiguration="OPTIONAL",
        EnabledMfas=["SOFTWARE_TOKEN_MFA"],
        # The old address remains valid for signing in until the new one is verified.
        UserAttributeUpdateSettings=UserAttributeUpdateSettings(AttributesRequireVerificationBeforeUpdate=["email"]),
        AccountRecoverySetting=AccountRecoverySetting(
            RecoveryMechanisms=[RecoveryOption(Name="verified_email", Priority=1)]
        ),
        AdminCreateUserConfig=AdminCreateUserConfig(AllowAdminCreateUserOnly=False),
        DeletionProtection="ACTIVE" if env.protected and env.deletion_protection else "INACTIVE",
        DeletionPolicy="Retain" if env.protected else "Delete",
        UpdateReplacePolicy="Retain",
    )
    if not env.emulated:
        # Cognito's default sender is limited to 50 mails a day.
        pool.EmailConfiguration = EmailConfiguration(
            EmailSendingAccount="DEVELOPER",
            From=env.mail_from,
            SourceArn=names.arn("ses", f"identity/{env.domain}"),
        )
    return pool


def _password_policy() -> PasswordPolicy:
    return PasswordPolicy(
        MinimumLength=8,
        RequireLowercase=True,
        RequireUppercase=True,
        RequireNumbers=True,
        RequireSymbols=True,
        TemporaryPasswordValidityDays=3,
    )


def _client(env: Environment, pool: UserPool) -> UserPoolClient:
    return UserPoolClient(
        "Client",
        ClientName=f"{env.prefix}-api",
        UserPoolId=Ref(pool),
        # Every token contains the client's id: without a secret anybody could use it to sign up and guess passwords.
        GenerateSecret=True,
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        PreventUserExistenceErrors="ENABLED",
        EnableTokenRevocation=True,
        AccessTokenValidity=1,
        IdTokenValidity=1,
        RefreshTokenValidity=30,
        # Attributes that a token may read and change; the rest of a profile is in our table.
        ReadAttributes=["email", "email_verified", "name"],
        WriteAttributes=["email", "name"],
        TokenValidityUnits=TokenValidityUnits(AccessToken="hours", IdToken="hours", RefreshToken="days"),
    )


def _secret(env: Environment, client: UserPoolClient) -> Secret:
    return Secret(
        "ClientSecret",
        Name=f"{env.prefix}-cognito-client",
        Description="The secret of the app client, which authenticates the service to Cognito",
        SecretString=GetAtt(client, "ClientSecret"),
        DeletionPolicy="Retain" if env.protected else "Delete",
        UpdateReplacePolicy="Retain",
        Metadata=accepted_findings.because("CKV_AWS_149"),
    )


def _group(name: str, description: str, pool: UserPool) -> UserPoolGroup:
    return UserPoolGroup(
        name.capitalize(),
        GroupName=name,
        Description=description,
        UserPoolId=Ref(pool),
    )
