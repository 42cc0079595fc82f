/** Whether a DynamoDB answers at `url`. Unsigned on purpose: a refusal is an answer, too, and changes nothing. */
export const answersDynamodb = async (url: string, signal: AbortSignal): Promise<true> => {
  const headers = { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': 'DynamoDB_20120810.ListTables' }
  await (await fetch(url, { method: 'POST', headers, body: '{}', signal })).text()
  return true
}
