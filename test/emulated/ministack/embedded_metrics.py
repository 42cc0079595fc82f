"""What CloudWatch does with metrics that functions write into their logs, of which ministack knows nothing."""
import json

from ministack.services import cloudwatch, cloudwatch_logs

append = cloudwatch_logs._append_log_events
evaluate = cloudwatch._evaluate_alarm


def document_of(line):
    """Embedded metric format (CloudWatch Logs, "Specification: Embedded metric format"); None of any other line."""
    if '"CloudWatchMetrics"' not in line:
        return None
    try:
        return json.loads(line)
    except ValueError:
        return None


def record(document):
    metadata = document["_aws"]
    for directive in metadata["CloudWatchMetrics"]:
        for metric in directive["Metrics"]:
            values = document[metric["Name"]]
            values = values if isinstance(values, list) else [values]
            for names in directive["Dimensions"]:
                dimensions = {name: document[name] for name in names}
                key = (directive["Namespace"], metric["Name"], dimensions)
                cloudwatch._store_datum(*key, metadata["Timestamp"] / 1000, metric["Unit"], None, values, None, None)


def append_and_record(stream, events):
    append(stream, events)
    namespaces = set()
    for document in (document_of(event["message"]) for event in events):
        if document:
            record(document)
            namespaces |= {directive["Namespace"] for directive in document["_aws"]["CloudWatchMetrics"]}
    for alarm in list(cloudwatch._alarms.values()):
        if alarm.get("Namespace") in namespaces:
            cloudwatch._evaluate_alarm(alarm)


def evaluate_by_its_dimensions(alarm):
    """An alarm watches the one series of its dimensions; ministack would have it fire by any series of that name."""
    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get("Dimensions") or []))
    if cloudwatch._metrics.get((alarm.get("Namespace"), alarm.get("MetricName"), dimensions)):
        evaluate(alarm)


def install():
    cloudwatch_logs._append_log_events = append_and_record
    cloudwatch._evaluate_alarm = evaluate_by_its_dimensions
