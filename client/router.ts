import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router';
import { useSessionStore } from './stores/session.store.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown without sign-in, and without the bar. */
    public?: boolean;
    title?: string;
  }
}

const records: RouteRecordRaw[] = [
  { path: '/', name: 'board', component: () => import('./pages/BoardPage.vue') },
  {
    path: '/services/:key',
    name: 'service',
    component: () => import('./pages/ServicePage.vue'),
    props: ({ params }) => ({ serviceKey: String(params['key']) }),
  },
  {
    path: '/sign-in',
    name: 'sign-in',
    component: () => import('./pages/SignInPage.vue'),
    meta: { public: true, title: 'Sign in' },
  },
  {
    path: '/setup',
    name: 'setup',
    component: () => import('./pages/SetupPage.vue'),
    meta: { public: true, title: 'Set up' },
  },
  {
    path: '/:rest(.*)*',
    name: 'not-found',
    component: () => import('./pages/NotFoundPage.vue'),
    meta: { title: 'Not found' },
  },
];

export function createAppRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: records,
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  });
  router.beforeEach(async (to) => {
    const session = useSessionStore();
    if (to.meta.public) return true;
    if (session.state === 'unasked') await session.load();
    return session.state === 'out' ? { name: 'sign-in', query: { return: to.fullPath } } : true;
  });
  router.afterEach(({ meta }) => {
    document.title = meta.title ? `${meta.title} · Troth` : 'Troth';
  });
  return router;
}
