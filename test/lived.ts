const tick = 10

/**
 * Milliseconds that some work takes, as this process lives them: while a busy machine gives it no turn, no tick of its
 * timer passes, so that a limit on them needs no allowance for that.
 */
export async function lived(work: () => Promise<unknown>): Promise<number> {
  let ticks = 0
  const timer = setInterval(() => {
    ticks += 1
  }, tick)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return ticks * tick
}
