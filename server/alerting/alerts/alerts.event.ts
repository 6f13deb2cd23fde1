/** Every server that looks after alerts hears on it, when a transaction commits, that something may be due. */
export const alertsChannel = 'troth_alerts';
