/** How a process ended: an exit code, or the signal that ended it. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A process that was started here, runs in this process group, and writes to a log file. */
export type Process = {
  readonly name: string
  readonly pid: number
  /** The signal that ends it in good order. */
  readonly stopSignal: NodeJS.Signals
  readonly exited: Promise<Exit>
  /** Ends it: the stop signal, SIGKILL after a few seconds. Resolves when it is gone; safe to call again. */
  readonly stop: () => Promise<void>
}

/** A running engine. `url` is what clients connect to, bound to 127.0.0.1 unless the launcher says otherwise. */
export type Engine = Process & { readonly version: string; readonly port: number; readonly url: string }

export type EngineOptions = {
  /** Directory of this engine's own data, made when missing. */
  readonly dataDir: string
  /** Output is appended here. */
  readonly logFile: string
  /** A free one when absent. Given again at a restart, so that clients find the engine where it was. */
  readonly port?: number
  /** Called as soon as the process exists, long before the engine is ready, so that it can be watched from then on. */
  readonly onSpawn?: (process: Process) => void
  /** Ends a download that the start has to wait for. */
  readonly signal?: AbortSignal
}

/**
 * An engine cannot be had: a binary is missing, or it did not start. The message is one line for the user. `mayPass`: another
 * try may succeed (its port was taken a moment ago, its predecessor was still ending).
 */
export class EngineFault extends Error {
  override readonly name = 'EngineFault'
  readonly mayPass: boolean
  constructor(message: string, mayPass = false) {
    super(message)
    this.mayPass = mayPass
  }
}
