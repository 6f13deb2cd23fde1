import { dropDatabasesAfterFile } from './postgres.ts';

dropDatabasesAfterFile();
