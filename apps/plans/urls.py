"""Paths of plans and shopping lists."""

from django.urls import path

from apps.plans import views

urlpatterns = [
    path("plans", views.Plans.as_view()),
    path("plans/<str:plan_id>.ics", views.PlanFeed.as_view()),
    path("plans/<str:plan_id>", views.PlanDetail.as_view()),
    path("plans/<str:plan_id>/copy", views.PlanCopy.as_view()),
    path("plans/<str:plan_id>/calendar", views.PlanCalendar.as_view()),
    path("plans/<str:plan_id>/list", views.PlanShoppingList.as_view()),
    path("lists", views.ShoppingLists.as_view()),
    path("lists/<str:list_id>", views.ShoppingListDetail.as_view()),
    path("lists/<str:list_id>/items/<str:item_id>", views.ShoppingListItem.as_view()),
    path("lists/<str:list_id>/done", views.ShoppingListDone.as_view()),
]
