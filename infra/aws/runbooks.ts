/** What an alarm leads to: files of docs/runbooks. */
export type Runbook =
  | 'parked-stream'
  | 'refused-step'
  | 'lag'
  | 'hot-partition'
  | 'failed-replay'
  | 'failed-redrive'
  | 'unsealed-trail'
  | 'restore-from-pitr'
  | 'region-loss'
  | 'key-rotation'
  | 'erasure-request'
  | 'rollback'

/** @param repository `owner/name` on GitHub. */
export const runbookUrl = (repository: string, runbook: Runbook): string =>
  `https://github.com/${repository}/blob/main/docs/runbooks/${runbook}.md`
