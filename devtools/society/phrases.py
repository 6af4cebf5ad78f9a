"""Sentences for synthetic posts and comments, by language; {a} is the subject."""

from apps.recipes.content import Language
from devtools.society.words import EN, VI

OPENINGS: dict[Language, tuple[str, ...]] = {
    VI: (
        "Hôm nay mình nấu {a}, cả nhà ăn sạch nồi cơm!", "Lần đầu thử {a}, không ngờ dễ vậy.",
        "Tủ lạnh còn mỗi vài thứ mà vẫn ra được {a}.", "{a} cho bữa tối ngày mưa.",
        "Mẹ gọi điện chỉ cách làm {a}, giờ mới hiểu vì sao ngon.", "Cuối tuần rảnh rỗi, bày ra làm {a}.",
        "Thất bại với {a} lần thứ hai, nhưng vẫn ăn hết.", "Con bé nhà mình đòi ăn {a} ba ngày liền.",
    ),
    EN: (
        "Made {a} tonight and there is nothing left.", "First try at {a}, easier than I thought.",
        "The fridge was nearly empty and still: {a}.", "{a} for a rainy evening.",
        "My mother told me on the phone how she makes {a}. Now I know.", "A free Sunday, so: {a}.",
        "Failed at {a} for the second time, ate it anyway.", "The kids have asked for {a} three days in a row.",
    ),
}  # fmt: skip
ENDINGS: dict[Language, tuple[str, ...]] = {
    VI: (
        "", "", "Mọi người hay nêm thế nào?", "Lần sau sẽ bớt mặn một chút.", "Ai muốn công thức thì nhắn mình nhé.",
        "Không bỏ phí thứ gì trong tủ lạnh cả.", "Ăn kèm cơm nóng là hết ý.", "Thêm chút rau thơm nữa là tuyệt vời.",
    ),
    EN: (
        "", "", "How do you season yours?", "A little less salt next time.", "Ask me if you want to know how.",
        "Nothing from the fridge was thrown away.", "Best with plain rice.", "Fresh herbs would have been perfect.",
    ),
}  # fmt: skip
TOPICS: dict[Language, tuple[str, ...]] = {
    VI: ("canh chua", "cá kho", "trứng chiên", "rau xào tỏi", "cơm rang", "bún thịt nướng", "đậu sốt cà", "gà luộc"),
    EN: ("sour soup", "braised fish", "omelette", "garlic greens", "fried rice", "noodles", "tofu", "roast chicken"),
}
COMMENTS: dict[Language, tuple[str, ...]] = {
    VI: (
        "Nhìn ngon quá!", "Cuối tuần mình thử nấu xem sao.", "Nhà mình hay cho thêm chút tiêu.", "Đói bụng luôn rồi.",
        "Bạn nấu bao lâu vậy?", "Mình làm theo rồi, cả nhà khen.", "Có thể thay nước mắm bằng gì không?",
        "Lần nào cũng thấy bạn khéo tay ghê.", "Lưu lại liền.",
    ),
    EN: (
        "Looks delicious!", "I will try this on the weekend.", "We always add some pepper.", "Hungry now.",
        "How long did it take?", "Made it yesterday, everybody was happy.", "What could replace the fish sauce?",
        "You are so good at this.", "Saved.",
    ),
}  # fmt: skip
REPLIES: dict[Language, tuple[str, ...]] = {
    VI: ("Cảm ơn bạn nhé!", "Khoảng nửa tiếng thôi.", "Đúng rồi đó.", "Để mình thử xem.", "Hẹn bữa nào sang ăn nha."),
    EN: ("Thank you!", "Half an hour or so.", "Exactly.", "I will try that.", "Come over and have some."),
}
