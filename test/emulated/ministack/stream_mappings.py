"""What Lambda does for mappings of streams when a batch fails, where ministack loses the record or retries for ever."""
import json
import sys
import time
import uuid

from ministack.services import lambda_svc
from resources import client

POLLERS = ("_poll_kinesis", "_poll_dynamodb_streams")
execute = lambda_svc._execute_function


def sequence_number(record):
    return record.get("dynamodb", {}).get("SequenceNumber") or record.get("kinesis", {}).get("sequenceNumber")


def arrival(record):
    if "kinesis" in record:
        return record["kinesis"]["approximateArrivalTimestamp"]
    return record["dynamodb"].get("ApproximateCreationDateTime", time.time())


def iso(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(float(seconds)))


def invocation_record(mapping, records, stream, shard, invocations):
    """Lambda Developer Guide, "Retain discarded batch records"."""
    return {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": mapping.get("FunctionArn"),
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": invocations,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": iso(time.time()),
        "KinesisBatchInfo" if "kinesis" in records[0] else "DDBStreamBatchInfo": {
            "shardId": shard,
            "startSequenceNumber": sequence_number(records[0]),
            "endSequenceNumber": sequence_number(records[-1]),
            "approximateArrivalOfFirstRecord": iso(arrival(records[0])),
            "approximateArrivalOfLastRecord": iso(arrival(records[-1])),
            "batchSize": len(records),
            "streamArn": stream,
        },
    }


def discard(mapping, records, stream, shard, invocations):
    destination = ((mapping.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
    if not destination:
        return
    record = invocation_record(mapping, records, stream, shard, invocations)
    service, name = destination.split(":")[2], destination.split(":")[5]
    if service == "sqs":
        queues = client("sqs")
        queues.send_message(QueueUrl=queues.get_queue_url(QueueName=name)["QueueUrl"], MessageBody=json.dumps(record))
    elif service == "sns":
        client("sns").publish(TopicArn=destination, Message=json.dumps(record))
    elif service == "s3":
        at = time.strftime("%Y/%m/%d/%Y-%m-%dT%H.%M.%S", time.gmtime())
        payload = {**record, "payload": json.dumps({"Records": records})}
        key = f"aws/lambda/{mapping['UUID']}/{shard}/{at}-{uuid.uuid4()}"
        client("s3").put_object(Bucket=name, Key=key, Body=json.dumps(payload))
    else:
        raise ValueError(f"no destination for discarded records: {destination}")


def first_failure(mapping, result, records):
    """Index of the first record to deliver again; the batch's length when all are done."""
    if result.get("error"):
        return 0
    if "ReportBatchItemFailures" not in (mapping.get("FunctionResponseTypes") or []):
        return len(records)
    body = result.get("body")
    if isinstance(body, (str, bytes)):
        try:
            body = json.loads(body)
        except ValueError:
            return 0
    failures = (body or {}).get("batchItemFailures") or []
    if not failures:
        return len(records)
    failed = {str(failure.get("itemIdentifier")) for failure in failures}
    # An identifier that names no record fails the whole batch.
    return next((at for at, record in enumerate(records) if sequence_number(record) in failed), 0)


def deliver(mapping, function, records, stream, shard):
    """In order, until every record is handled or discarded; a split uses up nothing of the retry quota."""
    given = mapping.get("MaximumRetryAttempts")
    quota = float("inf") if given in (None, -1) else int(given)
    pieces = [(records, 0, 0)]
    while pieces:
        piece, failures, invocations = pieces.pop(0)
        at = first_failure(mapping, execute(function, {"Records": piece}), piece)
        rest, invocations = piece[at:], invocations + 1
        if not rest:
            continue
        failures = 0 if at > 0 else failures
        if mapping.get("BisectBatchOnFunctionError") and len(rest) > 1:
            middle = (len(rest) + 1) // 2
            halves = [rest] if at > 0 else [rest[:middle], rest[middle:]]
            pieces[:0] = [(half, failures, invocations) for half in halves]
        elif failures + 1 > quota:
            discard(mapping, rest, stream, shard, invocations)
        else:
            time.sleep(min(0.1 * 2**failures, 2))
            pieces.insert(0, (rest, failures + 1, invocations))
    return {"body": None}


def execute_as_lambda_does(function, event, *rest, **options):
    """The pollers advance after any answer without an error, so they get one when a batch is dealt with, and not before."""
    caller = sys._getframe(1)
    records = event.get("Records") if isinstance(event, dict) else None
    if not records or caller.f_code.co_name not in POLLERS:
        return execute(function, event, *rest, **options)
    known = caller.f_locals
    shard = known.get("shard_id", "shardId-00000000000000000000-00000000")
    return deliver(known["esm"], function, records, known["source_arn"], shard)


def install():
    lambda_svc._execute_function = execute_as_lambda_does
