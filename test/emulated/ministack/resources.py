"""CloudFormation types that ministack does not know, and properties that it drops."""
import json
import os

import boto3
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import dynamodb, eventbridge, s3, waf
from ministack.services.cloudformation import provisioners

HANDLERS = provisioners._RESOURCE_HANDLERS


def client(service):
    return boto3.client(
        service,
        endpoint_url=f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
        region_name=get_region(),
        aws_access_key_id=get_account_id(),
        aws_secret_access_key="emulated",
    )


def physical_id(stack, logical_id):
    return f"{stack}-{logical_id}-{new_uuid()[:8]}"


def arn(service, resource):
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{resource}"


def is_true(value):
    return str(value).lower() == "true"


def only_named(attributes=lambda name: {}):
    """A resource that exists by name alone: nothing stands behind it."""

    def create(logical_id, _properties, stack):
        name = physical_id(stack, logical_id)
        return name, attributes(name)

    return {
        "create": create,
        "update": lambda name, _old, _new, _stack: (name, attributes(name)),
        "delete": lambda _name, _properties: None,
    }


ONLY_NAMED = {
    "AWS::AppConfig::Extension": only_named(lambda name: {"Id": name}),
    "AWS::Budgets::Budget": only_named(),
    "AWS::CloudWatch::CompositeAlarm": only_named(lambda name: {"Arn": arn("cloudwatch", f"alarm:{name}")}),
    "AWS::CodeDeploy::Application": only_named(),
    "AWS::CodeDeploy::DeploymentConfig": only_named(),
    "AWS::CodeDeploy::DeploymentGroup": only_named(),
    "AWS::EC2::EIP": only_named(lambda name: {"AllocationId": f"eipalloc-{name[-8:]}", "PublicIp": "203.0.113.1"}),
    "AWS::EC2::FlowLog": only_named(lambda name: {"Id": name}),
    "AWS::EC2::NatGateway": only_named(lambda name: {"NatGatewayId": f"nat-{name[-8:]}"}),
    "AWS::EC2::SecurityGroupEgress": only_named(),
    "AWS::EC2::SecurityGroupIngress": only_named(),
    "AWS::RDS::DBProxy": only_named(
        lambda name: {"Endpoint": "127.0.0.1", "DBProxyArn": arn("rds", f"db-proxy:{name}"), "VpcId": "vpc-emulated"}
    ),
    "AWS::RDS::DBProxyTargetGroup": only_named(lambda name: {"TargetGroupArn": name}),
    "AWS::SecretsManager::RotationSchedule": only_named(),
    "AWS::WAFv2::LoggingConfiguration": only_named(),
    "AWS::XRay::Group": only_named(lambda name: {"GroupARN": name}),
}


def answer_of(response, doing):
    status, _headers, body = response
    if status >= 400:
        raise ValueError(f"{doing}: {body!r}")
    return json.loads(body) if body else {}


def associate_web_acl(properties):
    wanted = {"WebACLArn": properties["WebACLArn"], "ResourceArn": properties["ResourceArn"]}
    answer_of(waf._associate_web_acl(wanted), "associating a web ACL")
    return properties["ResourceArn"], {}


def create_archive(logical_id, properties, stack):
    name = properties.get("ArchiveName") or physical_id(stack, logical_id)[-48:]
    wanted = {
        "ArchiveName": name,
        "EventSourceArn": properties["SourceArn"],
        "RetentionDays": int(properties.get("RetentionDays") or 0),
    }
    pattern = properties.get("EventPattern")
    if pattern:
        wanted["EventPattern"] = pattern if isinstance(pattern, str) else json.dumps(pattern)
    answer = answer_of(eventbridge._create_archive(wanted), "creating an archive of events")
    return name, {"Arn": answer.get("ArchiveArn", ""), "ArchiveName": name}


KNOWN = {
    "AWS::WAFv2::WebACLAssociation": {
        "create": lambda _id, properties, _stack: associate_web_acl(properties),
        "update": lambda _name, _old, new, _stack: associate_web_acl(new),
        "delete": lambda _name, _properties: None,
    },
    "AWS::Events::Archive": {
        "create": create_archive,
        "update": lambda name, _old, _new, _stack: (name, {"ArchiveName": name}),
        "delete": lambda name, _properties: eventbridge._delete_archive({"ArchiveName": name}),
    },
}


def afterwards(resource_type, complete):
    """Has `complete(name, properties, attributes)` add what ministack's own handler leaves out, and change the attributes."""
    handler = HANDLERS[resource_type]

    def create(logical_id, properties, stack):
        name, attributes = handler["create"](logical_id, properties, stack)
        attributes = dict(attributes or {})
        complete(name, properties, attributes)
        return name, attributes

    def update(name, old, new, stack):
        result = handler["update"](name, old, new, stack)
        if not isinstance(result, tuple):
            return result
        attributes = dict(result[1] or {})
        complete(result[0], new, attributes)
        return (result[0], attributes, *result[2:])

    HANDLERS[resource_type] = {**handler, "create": create, **({"update": update} if "update" in handler else {})}


def complete_table(name, properties, _attributes):
    own = next((one for one in properties.get("Replicas") or [] if one.get("Region") in (None, get_region())), {})

    def given(key):
        return properties.get(key) or own.get(key)

    if given("TimeToLiveSpecification"):
        dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": given("TimeToLiveSpecification")})
    if given("PointInTimeRecoverySpecification"):
        recovery = given("PointInTimeRecoverySpecification")
        dynamodb._update_continuous_backups({"TableName": name, "PointInTimeRecoverySpecification": recovery})
    if given("KinesisStreamSpecification"):
        stream = given("KinesisStreamSpecification")["StreamArn"]
        dynamodb._enable_kinesis_streaming_destination({"TableName": name, "StreamArn": stream})
    table = dynamodb._tables.get(name)
    if table is None:
        return
    if is_true(given("DeletionProtectionEnabled")):
        table["DeletionProtectionEnabled"] = True
    if properties.get("SSESpecification"):
        key = properties["SSESpecification"].get("KMSMasterKeyId") or (own.get("SSESpecification") or {}).get("KMSMasterKeyId", "")
        table["SSEDescription"] = {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}


def retention_rule(configuration):
    retention = (configuration.get("Rule") or {}).get("DefaultRetention") or {}
    if not retention:
        return ""
    days = retention.get("Days", 365 * int(retention.get("Years", 0)))
    mode = retention["Mode"]
    return f"<Rule><DefaultRetention><Mode>{mode}</Mode><Days>{days}</Days></DefaultRetention></Rule>"


def complete_bucket(name, properties, _attributes):
    tags = "".join(f"<Tag><Key>{tag['Key']}</Key><Value>{tag['Value']}</Value></Tag>" for tag in properties.get("Tags") or [])
    if tags:
        s3._put_bucket_tagging(name, f"<Tagging><TagSet>{tags}</TagSet></Tagging>".encode())
    if is_true(properties.get("ObjectLockEnabled")):
        rule = retention_rule(properties.get("ObjectLockConfiguration") or {})
        lock = f"<ObjectLockEnabled>Enabled</ObjectLockEnabled>{rule}"
        document = f"<ObjectLockConfiguration xmlns='http://s3.amazonaws.com/doc/2006-03-01/'>{lock}</ObjectLockConfiguration>"
        s3._put_object_lock_configuration(name, document.encode())


def complete_user_pool(name, _properties, attributes):
    attributes["ProviderURL"] = f"https://cognito-idp.{get_region()}.amazonaws.com/{name}"


def complete_vpc(_name, properties, attributes):
    attributes["CidrBlock"] = properties.get("CidrBlock", "10.0.0.0/16")


def instead(resource_type, is_unknown, stand_in):
    """Has `stand_in` handle those resources of a type that ministack refuses."""
    handler = HANDLERS[resource_type]

    def create(logical_id, properties, stack):
        chosen = stand_in if is_unknown(properties) else handler
        return chosen["create"](logical_id, properties, stack)

    def update(name, old, new, stack):
        chosen = stand_in if is_unknown(new) else handler
        return chosen["update"](name, old, new, stack)

    def delete(name, properties):
        chosen = stand_in if is_unknown(properties) else handler
        return chosen["delete"](name, properties)

    HANDLERS[resource_type] = {**handler, "create": create, "update": update, "delete": delete}


def install():
    alarm = only_named(lambda name: {"Arn": arn("cloudwatch", f"alarm:{name}")})
    # Of metric math it knows nothing.
    instead("AWS::CloudWatch::Alarm", lambda properties: "Metrics" in properties, alarm)
    for resource_type, handler in {**ONLY_NAMED, **KNOWN}.items():
        HANDLERS.setdefault(resource_type, handler)
    for resource_type in ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"):
        afterwards(resource_type, complete_table)
    afterwards("AWS::S3::Bucket", complete_bucket)
    afterwards("AWS::Cognito::UserPool", complete_user_pool)
    afterwards("AWS::EC2::VPC", complete_vpc)
