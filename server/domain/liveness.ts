/** An agent that was not heard for this long is not alive. */
export const agentSilenceMs = 15_000;
