import '@fontsource-variable/inter';
import 'vuetify/styles/core';
import './styles/tokens.css';
import './styles/base.css';
import './styles/form.css';
import './styles/vuetify.css';
import './styles/print.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { z } from 'zod';
import AppShell from './components/shell/AppShell.vue';
import { fieldMessage } from './model/field-message.ts';
import { createAppRouter } from './router.ts';
import { vuetify } from './vuetify.ts';

/** The content security policy forbids to make functions from text. */
z.config({ jitless: true, customError: fieldMessage });

createApp(AppShell).use(createPinia()).use(createAppRouter()).use(vuetify).mount('#app');
