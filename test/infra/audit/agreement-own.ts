import { verifyExport } from '../../../infra/audit/verify/export.ts'
import type { Verdict } from './agreement-python.ts'

/** What `daybook audit verify` says first. */
export const verdictOfDaybook = async (dir: string, publicKey: string): Promise<Verdict> => {
  const [first] = (await verifyExport(dir, publicKey)).findings
  return first === undefined ? null : { finding: first.kind, name: first.where }
}
